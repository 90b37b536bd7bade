"""ZIP archives with known members, sound and unsound."""

import io
import stat
import zipfile


def archive(members, method=zipfile.ZIP_DEFLATED):
    """Return an archive of name (or ZipInfo) to content, in this order."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as made:
        for name, text in members.items():
            made.writestr(name, text)
    return content.getvalue()


def link(name):
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


def renamed(content, old, new):
    """Return an archive with other bytes of the same length for a name, unflagged."""
    assert len(old) == len(new)
    return content.replace(old, new)


def encrypted(content):
    """Return an archive with the flag of encryption on its first member."""
    made = bytearray(content)
    made[6] |= 1
    made[made.index(b"PK\x01\x02") + 8] |= 1
    return bytes(made)
