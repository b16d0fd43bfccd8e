"""How Terraform and boto3 are told to talk to an emulator instead of AWS."""

from __future__ import annotations

from dataclasses import dataclass

MANAGEMENT_ACCOUNT = "111111111111"
REGION = "eu-west-1"


@dataclass(frozen=True, slots=True)
class ExistingEmulator:
    """An emulator that somebody else started (`python -m delivery.emulator`) and will stop.

    `endpoint` is its address, such as `http://127.0.0.1:5000`; `region` is what a client without a region uses.
    """

    endpoint: str
    region: str = REGION

    def environment(self) -> dict[str, str]:
        """The variables that send every AWS call of a child process to the emulator, as its management account.

        S3 Control puts the account id before the host, and no resolver knows `111111111111.127.0.0.1`: such
        names reach the emulator because it is also named as the proxy for plain HTTP.
        """
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "HTTP_PROXY": self.endpoint,
            "http_proxy": self.endpoint,
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
        }
