"""New files of a configuration: what stands in them, and how they get there whole or not at all."""
