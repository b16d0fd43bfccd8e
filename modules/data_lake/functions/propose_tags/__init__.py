"""A function that proposes sensitivities for what Amazon Macie found."""

DECLARED = "declared.json"  # what the domain declares, put beside the sources when the archive is made
