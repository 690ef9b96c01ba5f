"""What an operator does from the command line, besides starting the desk."""
