from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.kernel import crypto

OLD, NEW = b"o" * 32, b"n" * 32


@pytest.fixture
def use_keys(settings):
    def use(*keys: bytes):
        settings.SHANZHI_KEYS = [b64encode(key).decode() for key in keys]
        forget()

    yield use
    forget()


def forget():
    crypto._keys.cache_clear()
    crypto._hash_key.cache_clear()


@given(plain=st.binary(max_size=500), context=st.text(max_size=40))
def test_what_was_sealed_opens_where_it_was_sealed_for(plain, context):
    sealed = crypto.seal(plain, context=context)
    assert crypto.unseal(sealed, context=context) == plain
    assert crypto.unseal(memoryview(sealed), context=context) == plain


@given(context=st.text(max_size=10), other=st.text(max_size=10))
def test_elsewhere_it_does_not_open(context, other):
    sealed = crypto.seal(b"320499", context=context)
    if context != other:
        with pytest.raises(crypto.CannotOpen):
            crypto.unseal(sealed, context=other)


@given(plain=st.binary(max_size=50), data=st.data())
def test_any_changed_bit_is_noticed(plain, data):
    altered = bytearray(crypto.seal(plain))
    at = data.draw(st.integers(0, len(altered) - 1))
    altered[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(crypto.CannotOpen):
        crypto.unseal(bytes(altered))


@given(garbage=st.binary(max_size=80))
def test_garbage_does_not_open(garbage):
    with pytest.raises(crypto.CannotOpen):
        crypto.unseal(garbage)


@given(length=st.integers(0, 44))
def test_what_was_cut_short_does_not_open(length):
    sealed = crypto.seal(b"0123456789ab")
    assert len(sealed) == 45
    with pytest.raises(crypto.CannotOpen):
        crypto.unseal(sealed[:length])


def test_equal_values_are_sealed_differently():
    assert len({crypto.seal(b"same") for _ in range(50)}) == 50


def test_a_new_key_in_front_seals_and_the_old_one_still_opens(use_keys):
    use_keys(OLD)
    old = crypto.seal(b"value")
    use_keys(NEW, OLD)
    new = crypto.seal(b"value")
    assert crypto.unseal(old) == crypto.unseal(new) == b"value"
    assert old[1:5] != new[1:5]

    use_keys(NEW)
    assert crypto.unseal(new) == b"value"
    with pytest.raises(crypto.CannotOpen, match="not in SHANZHI_KEYS"):
        crypto.unseal(old)


def test_the_hash_stays_when_a_key_is_added_in_front(use_keys):
    use_keys(OLD)
    before = crypto.keyed_hash("13800000001", kind="phone")
    use_keys(NEW, OLD)
    assert crypto.keyed_hash("13800000001", kind="phone") == before
    use_keys(NEW)
    assert crypto.keyed_hash("13800000001", kind="phone") != before


def test_a_hash_tells_kinds_apart_and_has_32_bytes():
    hashes = {
        crypto.keyed_hash("13800000001", kind="phone"),
        crypto.keyed_hash("13800000001", kind="identity"),
        crypto.keyed_hash("13800000002", kind="phone"),
    }
    assert len(hashes) == 3
    assert {len(each) for each in hashes} == {32}


@pytest.mark.parametrize("keys", [[], [b"short"], [OLD, b"short"]])
def test_keys_that_are_missing_or_too_short_stop_the_server(use_keys, keys):
    use_keys(*keys)
    with pytest.raises(ValueError, match="SHANZHI_KEYS"):
        crypto.seal(b"value")
