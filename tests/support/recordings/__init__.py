"""What each function calls: a module for each, named as the folder of the function, with one `RECORDING`."""
