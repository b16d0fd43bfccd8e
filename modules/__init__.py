"""The eight modules and their shared kernel. Importing anything below prepares the lean start of jsii first."""

from modules.core.provider import install

install()
