"""The scan: the only package besides `policies.checks` that imports checkov. Runs as a process of its own."""
