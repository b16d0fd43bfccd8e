"""The embedded AWS: moto's server with several accounts, and a front that answers what moto lacks.

Importing this package is cheap: moto is loaded only in the server's own process. README.md says which
types are echoed, which mends are made in moto, and how to add a service.
"""

from delivery.emulator.client import ExistingEmulator
from delivery.emulator.override import override
from delivery.emulator.process import Emulator

__all__ = ["Emulator", "ExistingEmulator", "override"]
