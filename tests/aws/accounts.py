"""Which account an access key belongs to, alike in moto and in the doubles.

Access keys carry their account encoded, in AWS as in moto (`moto.iam.utils`). The accounts of the tests are a digit repeated
twelve times; any other key belongs to the first of them.
"""

from __future__ import annotations

import base64
import re

from moto.iam.utils import ACCOUNT_OFFSET, AWS_ROLE_ALPHABET

FIRST = "111111111111"


def account_of(access_key: str) -> str:
    """The account that a request acts for."""
    if not re.fullmatch(r"A(SIA|KIA)[A-Z2-7]{8}[A-Z0-9]{8}", access_key):
        return FIRST
    number = 2 * (int.from_bytes(base64.b32decode(access_key[4:12])) - ACCOUNT_OFFSET)
    account = str(number + (AWS_ROLE_ALPHABET.find(access_key[12]) >= 16))
    return account if re.fullmatch(r"(\d)\1{11}", account) else FIRST


def access_key_of(account: str) -> str:
    """An access key of that account, always the same."""
    number = int(account)
    encoded = base64.b32encode(int.to_bytes(number // 2 + ACCOUNT_OFFSET, 5)).decode()
    return f"AKIA{encoded}{AWS_ROLE_ALPHABET[16 if number % 2 else 0]}FINOPS2"
