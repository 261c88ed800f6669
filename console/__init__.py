"""Who asks: the command line. It calls procedures, reads the store, and holds no rule of its own."""
