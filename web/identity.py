"""Who is asking: verification of the customer's identity token, a signed JWT made by the CRM's own server.

Two ways to sign are known, and each has keys of its own, so that a public key can never be taken for a
shared secret (algorithm confusion): HS256 is verified with the secret alone, RS256 and ES256 with the key
set alone.

Expiry is judged by the real clock even where ``SUPPORT_NOW`` fixes the business clock: a rehearsal of
Christmas Eve must not revive old tokens.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt

from desk.identity import Identity

AUDIENCE = "piperocks-support"
MAX_LIFETIME = 24 * 60 * 60
"""Seconds; a token that expires later is refused, because a leaked one would be good for too long."""

_LEEWAY = 10
_MAX_TOKEN = 8192
_MAX_CLAIM = 254
_OPTIONAL_CLAIMS = ("name", "email", "account", "plan", "region", "tz")
_KEY_TYPES = {"RS256": "RSA", "ES256": "EC"}


class IdentityError(ValueError):
    """The token cannot be accepted; the message says why without repeating any part of it."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A customer whose token held: the identity, and when the token ends (seconds since 1970)."""

    identity: Identity
    expires: float


class IdentityVerifier:
    """Verifies tokens with a shared secret and, where one is given, a set of public keys."""

    def __init__(
        self,
        secret: str,
        keys: Mapping[str, jwt.PyJWK] | None = None,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._secret = secret
        self._keys = dict(keys or {})
        self._clock = clock

    def verify(self, token: str) -> Verified:
        """The identity a token proves. Raises :class:`IdentityError`."""
        if len(token) > _MAX_TOKEN:
            raise IdentityError("The identity token is too long.")
        claims = self._claims(token)
        expires = claims["exp"]
        if expires > self._clock() + MAX_LIFETIME + _LEEWAY:
            raise IdentityError("The identity token lives longer than 24 hours; issue a shorter one.")
        return Verified(_identity(claims), float(expires))

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            algorithm, key = self._key(jwt.get_unverified_header(token))
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=AUDIENCE,
                leeway=_LEEWAY,
                options={"require": ["exp", "aud", "sub"]},
            )
        except jwt.ExpiredSignatureError:
            raise IdentityError("The identity token has expired; get a new one.") from None
        except jwt.InvalidAudienceError:
            raise IdentityError(f"The identity token is not meant for {AUDIENCE}.") from None
        except jwt.MissingRequiredClaimError as error:
            raise IdentityError(f"The identity token lacks the claim {error.claim}.") from None
        except (jwt.PyJWTError, ValueError, TypeError):
            raise IdentityError("The identity token is not valid.") from None
        return claims

    def _key(self, header: Mapping[str, Any]) -> tuple[str, str | jwt.PyJWK]:
        algorithm = header.get("alg")
        if algorithm == "HS256":
            return "HS256", self._secret
        if not isinstance(algorithm, str) or algorithm not in _KEY_TYPES:
            raise jwt.InvalidAlgorithmError("unknown algorithm")
        fitting = {kid: key for kid, key in self._keys.items() if key.algorithm_name == algorithm}
        named = header.get("kid")
        if named is not None:
            if named not in fitting:
                raise jwt.InvalidKeyError("unknown key")
            return algorithm, fitting[named]
        if len(fitting) != 1:
            raise jwt.InvalidKeyError("the key must be named")
        return algorithm, next(iter(fitting.values()))


def _identity(claims: Mapping[str, Any]) -> Identity:
    texts: dict[str, str | None] = {}
    for name in ("sub", *_OPTIONAL_CLAIMS):
        value = claims.get(name)
        if value is not None and not isinstance(value, str):
            raise IdentityError(f"The claim {name} of the identity token is not a text.")
        if value is not None and (len(value) > _MAX_CLAIM or any(ord(letter) < 32 for letter in value)):
            raise IdentityError(f"The claim {name} of the identity token is too long or holds control characters.")
        texts[name] = (value or "").strip() or None
    sub = texts.pop("sub")
    if sub is None:
        raise IdentityError("The claim sub of the identity token is empty.")
    return Identity(sub=sub, **texts)


def load_keys(file: Path) -> dict[str, jwt.PyJWK]:
    """Public keys of a JSON Web Key Set by their ``kid``. Raises :class:`IdentityError` naming the file."""
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))["keys"]
        keys = {str(entry.get("kid", number)): _public_key(entry) for number, entry in enumerate(entries)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, jwt.PyJWKError) as error:
        raise IdentityError(f"{file} is no usable JSON Web Key Set: {error}") from error
    if not keys:
        raise IdentityError(f"{file} holds no key; write at least one RSA or P-256 public key")
    return keys


def _public_key(entry: Mapping[str, Any]) -> jwt.PyJWK:
    algorithm = {"RSA": "RS256", "EC": "ES256"}.get(entry.get("kty", ""))
    if algorithm is None or entry.get("alg", algorithm) != algorithm or entry.get("crv", "P-256") != "P-256":
        raise ValueError("only RSA keys for RS256 and P-256 keys for ES256 are taken")
    if "d" in entry:
        raise ValueError("it holds a private key; publish the public part alone")
    return jwt.PyJWK(dict(entry), algorithm)


def mint(identity: Identity, secret: str, *, lifetime: int = 3600, now: float | None = None) -> str:
    """An HS256 token for ``identity`` that lives ``lifetime`` seconds: for development, tests and the
    command line.
    """
    issued = int(time.time() if now is None else now)
    given = {"sub": identity.sub, **{name: getattr(identity, name) for name in _OPTIONAL_CLAIMS}}
    claims = {name: value for name, value in given.items() if value is not None}
    return jwt.encode({**claims, "aud": AUDIENCE, "iat": issued, "exp": issued + lifetime}, secret, algorithm="HS256")
