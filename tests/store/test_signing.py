"""One secret for a house, for its owner only, however many ask for it first."""

import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.signing import Signer

END = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_signature_holds_for_its_name_and_end_alone(tmp_path: Path) -> None:
    signer = Signer(tmp_path / "secret.key")
    signature = signer.sign("e1.csv", END)
    assert len(signature) == 64
    assert signer.is_signed("e1.csv", END, signature)
    assert Signer(tmp_path / "secret.key").is_signed("e1.csv", END, signature)
    assert not signer.is_signed("e2.csv", END, signature)
    assert not signer.is_signed("e1.csv", END.replace(second=1), signature)
    assert not signer.is_signed("e1.csv", END, signature.upper())
    assert not Signer(tmp_path / "other.key").is_signed("e1.csv", END, signature)


@pytest.mark.parametrize("signature", ["", "ä", "\udcff"])
def test_a_signature_of_any_characters_is_only_wrong(tmp_path: Path, signature: str) -> None:
    assert not Signer(tmp_path / "secret.key").is_signed("e1.csv", END, signature)


def test_the_secret_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "home" / "secret.key"
    Signer(path).sign("a", END)
    secret = path.read_bytes()
    Signer(path).sign("b", END)
    assert path.read_bytes() == secret
    assert len(secret) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["secret.key"]


def test_threads_that_sign_at_once_share_one_secret(tmp_path: Path) -> None:
    for attempt in range(20):
        path = tmp_path / f"{attempt}.key"
        start, found = threading.Barrier(8), []

        def sign(path: Path = path, start: threading.Barrier = start, found: list[str] = found) -> None:
            start.wait()
            found.append(Signer(path).sign("a", END))

        threads = [threading.Thread(target=sign) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set(found) == {Signer(path).sign("a", END)}
        assert len(found) == 8
        assert path.stat().st_mode & 0o777 == 0o600
    assert len(list(tmp_path.iterdir())) == 20


def test_two_processes_that_sign_at_once_share_one_secret(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from datetime import UTC, datetime;"
        "from store.signing import Signer; sys.stdin.readline(); end = datetime(2026, 3, 2, 9, tzinfo=UTC);"
        f"print(Signer(Path({str(tmp_path / 'secret.key')!r})).sign('a', end))"
    )
    root = Path(__file__).parents[2]
    both = [
        subprocess.Popen([sys.executable, "-c", code], stdin=-1, stdout=-1, text=True, cwd=root)
        for _ in range(2)
    ]
    for process in both:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    signatures = {process.communicate()[0].strip() for process in both}
    assert signatures == {Signer(tmp_path / "secret.key").sign("a", END)}
