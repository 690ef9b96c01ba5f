"""Small programs that show the same list in other ways, each as well as its way allows."""
