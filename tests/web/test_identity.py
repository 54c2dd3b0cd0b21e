from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from desk.identity import Identity
from tests.web.world import MAYA, SECRET
from web.identity import AUDIENCE, IdentityError, IdentityVerifier, load_keys, mint

RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
OTHER_KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC_PEM = RSA_KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def claims(**changes: Any) -> dict[str, Any]:
    """Good claims, changed; None drops one."""
    good = {"sub": "maya", "aud": AUDIENCE, "exp": int(time.time()) + 600, "plan": "starter", **changes}
    return {name: value for name, value in good.items() if value is not None}


def key_set(folder: Path) -> Path:
    """A file with the public RSA key "r" and the public P-256 key "e"."""
    entries = [
        {
            **jwt.algorithms.RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True),
            "kid": "r",
            "alg": "RS256",
        },
        {**jwt.algorithms.ECAlgorithm.to_jwk(EC_KEY.public_key(), as_dict=True), "kid": "e"},
    ]
    file = folder / "keys.json"
    file.write_text(json.dumps({"keys": entries}))
    return file


def test_a_minted_token_gives_back_its_identity() -> None:
    """What is minted is verified with every claim."""
    assert IdentityVerifier(SECRET).verify(mint(MAYA, SECRET)).identity == MAYA


@pytest.mark.parametrize("algorithm, key, kid", [("RS256", RSA_KEY, "r"), ("ES256", EC_KEY, "e"), ("RS256", RSA_KEY, None)])
def test_public_keys_verify(tmp_path: Path, algorithm: str, key: Any, kid: str | None) -> None:
    """RS256 and ES256 tokens are verified by the key set, by name or where only one key fits."""
    verifier = IdentityVerifier(SECRET, load_keys(key_set(tmp_path)))
    token = jwt.encode(claims(), key, algorithm=algorithm, headers={"kid": kid} if kid else None)
    assert verifier.verify(token).identity == Identity("maya", plan="starter")


@pytest.mark.parametrize(
    "changed, said",
    [
        ({"exp": int(time.time()) - 60}, "expired"),
        ({"exp": None}, "lacks the claim exp"),
        ({"exp": int(time.time()) + 25 * 3600}, "longer than 24 hours"),
        ({"exp": "soon"}, "not valid"),
        ({"aud": "another-service"}, "not meant for"),
        ({"aud": None}, "lacks the claim aud"),
        ({"sub": None}, "lacks the claim sub"),
        ({"sub": " "}, "empty"),
        ({"plan": ["enterprise"]}, "not a text"),
        ({"name": "x" * 300}, "too long"),
        ({"name": "a\nb"}, "control characters"),
    ],
)
def test_claims_that_do_not_hold_are_refused(changed: dict[str, Any], said: str) -> None:
    """Each claim that is missing, foreign, too long-lived or ill-formed is refused with its reason."""
    token = jwt.encode(claims(**changed), SECRET, algorithm="HS256")
    with pytest.raises(IdentityError, match=said):
        IdentityVerifier(SECRET).verify(token)


def forged(header: dict[str, Any], key: bytes) -> str:
    """A token whose header lies: HMAC with any bytes as the key, which the library itself would refuse to
    make.
    """
    import base64
    import hashlib
    import hmac

    def part(value: dict[str, Any]) -> bytes:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    signed = part(header) + b"." + part(claims())
    mark = base64.urlsafe_b64encode(hmac.new(key, signed, hashlib.sha256).digest()).rstrip(b"=")
    return (signed + b"." + mark).decode()


@pytest.mark.parametrize(
    "header", [{"alg": "HS256"}, {"alg": "HS256", "kid": "r"}, {"alg": "RS256", "kid": "r"}, {"alg": "none"}]
)
def test_a_public_key_is_never_a_secret(tmp_path: Path, header: dict[str, str]) -> None:
    """A token signed by HMAC with the public key's text is refused, whatever its header says."""
    verifier = IdentityVerifier(SECRET, load_keys(key_set(tmp_path)))
    with pytest.raises(IdentityError, match="not valid"):
        verifier.verify(forged(header, PUBLIC_PEM))


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b.c",
        "é.é.é",
        "x" * 9000,
        jwt.encode(claims(), "another secret that is 32 characters long", algorithm="HS256"),
        jwt.encode(claims(), SECRET + SECRET, algorithm="HS512"),
        forged({"alg": "none"}, b""),
        jwt.encode(claims(), OTHER_KEY, algorithm="ES256", headers={"kid": "e"}),
        jwt.encode(claims(), EC_KEY, algorithm="ES256", headers={"kid": "r"}),
        jwt.encode(claims(), EC_KEY, algorithm="ES256", headers={"kid": "unknown"}),
    ],
)
def test_signatures_that_do_not_hold_are_refused(tmp_path: Path, token: str) -> None:
    """Garbage, other algorithms, other keys and unknown key names are refused, and the token is not
    repeated.
    """
    verifier = IdentityVerifier(SECRET, load_keys(key_set(tmp_path)))
    with pytest.raises(IdentityError) as refused:
        verifier.verify(token)
    assert len(token) < 2 or token not in str(refused.value)


@pytest.mark.parametrize("text", ["", "{}", '{"keys": []}', '{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}'])
def test_a_key_set_that_cannot_serve_is_refused(tmp_path: Path, text: str) -> None:
    """A key set that is empty, unreadable or holds a shared secret stops the start with the file's name."""
    file = tmp_path / "keys.json"
    file.write_text(text)
    with pytest.raises(IdentityError, match=r"keys\.json"):
        load_keys(file)


def test_a_private_key_in_the_set_is_refused(tmp_path: Path) -> None:
    """A private key has no place on the verifying side."""
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": [jwt.algorithms.ECAlgorithm.to_jwk(EC_KEY, as_dict=True)]}))
    with pytest.raises(IdentityError, match="private"):
        load_keys(file)
