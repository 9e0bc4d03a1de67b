# SPDX-License-Identifier: MIT
"""A disk that loses power: what was synced stays, of the rest some is lost, some torn, some written."""
import random

SECTOR = 512
LOST, TORN = 0.4, 0.2


class Disk:
    """Files as they would be found after a power cut."""

    def __init__(self, base, seed):
        self.random = random.Random(seed)
        self.durable = {name: bytearray(data) for name, data in base.items()}
        self.pending = {}

    def apply(self, event):
        """Does what a program did."""
        if event.kind == "sync":
            for change in self.pending.pop(event.file, []):
                self._write(event.file, change)
        elif event.kind == "unlink":
            self.pending.pop(event.file, None)
            self.durable.pop(event.file, None)
        elif event.kind in ("write", "truncate") and not event.file.endswith("-shm"):
            self.pending.setdefault(event.file, []).append(event)

    def _write(self, name, event, length=None):
        data = self.durable.setdefault(name, bytearray())
        if event.kind == "truncate":
            del data[event.offset:]
            data.extend(bytes(event.offset - len(data)))
            return
        piece = event.data if length is None else event.data[:length]
        data.extend(bytes(max(0, event.offset + len(piece) - len(data))))
        data[event.offset:event.offset + len(piece)] = piece

    def cut(self):
        """The power goes."""
        for name, changes in self.pending.items():
            for change in changes:
                chance = self.random.random()
                if chance < LOST:
                    continue
                if chance < LOST + TORN and change.kind == "write":
                    self._write(name, change, self.random.randrange(0, len(change.data) + 1, SECTOR))
                else:
                    self._write(name, change)
        self.pending = {}
        return self.durable


def after_cut(base, events, cut, seed):
    """The files after the first `cut` events and a power cut, and how many 2xx had been sent by then."""
    disk, answers = Disk(base, seed), 0
    for event in events[:cut]:
        answers += event.kind == "answer"
        disk.apply(event)
    return disk.cut(), answers
