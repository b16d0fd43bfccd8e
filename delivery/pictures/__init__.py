"""What `mlgov graph` draws: organisation and stacks, from the YAML alone; neither jsii nor a network is needed."""
