"""What the desk does by itself, without a model."""
