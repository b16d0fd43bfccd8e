"""What the stacks of the ML platform give to other stacks."""
