"""Which stacks a change touches: what stands in the working tree against what stands at a revision."""
