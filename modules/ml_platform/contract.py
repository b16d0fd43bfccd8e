"""What the stacks of the ML platform give to other stacks: names that both sides compute (`names.py`), and no value.

AWS assigns nothing here that a team's stack would have to read from a state.
"""
