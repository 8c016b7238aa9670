"""How many customers have both, or all, of these clusters: compiled counting over packed bits.

Every function is exact, and lets other threads run. Row views are taken before the inner loops, which
stay free of branches so that they compile to vector instructions.
"""

from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import intrinsic

# Words of all rows that are looked at together: 500 clusters x 2 KB stay within a core's cache.
BLOCK_WORDS = 256
# Words after which a count that cannot reach its floor any more is given up.
STRIDE_WORDS = 512


def _ctpop(typingctx, word):
    """The number of bits set in a word: one machine instruction, or a vector's."""

    def codegen(context, builder, signature, args):
        return builder.ctpop(args[0])

    return types.uint64(types.uint64), codegen


_ones: Any = intrinsic(_ctpop)


@njit(cache=True, nogil=True)
def pair_counts(bits):
    """(M, M) int64: ones in the AND of every two rows of (M, words); the diagonal holds the rows' own.

    Four rows at a time against each other row, block by block of words: each word that is loaded is
    counted four times.
    """
    rows, words = bits.shape
    together = np.zeros((rows, rows), np.int64)
    for start in range(0, words, BLOCK_WORDS):
        stop = min(words, start + BLOCK_WORDS)
        for i in range(0, rows, 4):
            first = bits[i, start:stop]
            second = bits[min(i + 1, rows - 1), start:stop]
            third = bits[min(i + 2, rows - 1), start:stop]
            fourth = bits[min(i + 3, rows - 1), start:stop]
            for j in range(i, rows):
                other = bits[j, start:stop]
                a = b = c = d = np.uint64(0)
                for word in range(stop - start):
                    value = other[word]
                    a += _ones(first[word] & value)
                    b += _ones(second[word] & value)
                    c += _ones(third[word] & value)
                    d += _ones(fourth[word] & value)
                together[i, j] += np.int64(a)
                if i + 1 < rows:
                    together[i + 1, j] += np.int64(b)
                if i + 2 < rows:
                    together[i + 2, j] += np.int64(c)
                if i + 3 < rows:
                    together[i + 3, j] += np.int64(d)
    for i in range(rows):
        for j in range(i):
            together[i, j] = together[j, i]
    return together


@njit(cache=True, nogil=True)
def set_counts(bits, members):
    """(S,) int64: ones in the AND of the rows named in each line of members (S, L), L of at least 1."""
    words = bits.shape[1]
    counts = np.zeros(len(members), np.int64)
    cover = np.empty(words, np.uint64)
    for at in range(len(members)):
        cover[:] = bits[members[at, 0]]
        for place in range(1, members.shape[1]):
            _narrow(cover, cover, bits[members[at, place]])
        ones = np.uint64(0)
        for word in range(words):
            ones += _ones(cover[word])
        counts[at] = np.int64(ones)
    return counts


@njit(cache=True, nogil=True)
def extended_counts(bits, members, candidates, floor):
    """(C,) int64: ones in the AND of the rows `members` with each row of `candidates`; -1 below the floor."""
    words = bits.shape[1]
    cover = bits[members[0]].copy()
    for place in range(1, len(members)):
        _narrow(cover, cover, bits[members[place]])
    left = np.empty(words // STRIDE_WORDS + 2, np.int64)
    _ones_left(cover, left)
    counts = np.empty(len(candidates), np.int64)
    for at in range(len(candidates)):
        counts[at] = _count_from(cover, bits[candidates[at]], left, floor)
    return counts


@njit(cache=True, nogil=True)
def sets_from(bits, joinable, roots, floor, longest, room):  # noqa: C901 - one loop, compiled as one
    """Every set of 3 to `longest` rows that begins with one of `roots` and holds `floor` ones in common.

    Depth-first (Zaki 2000): a set is extended by later rows that extend its prefix too. Only sets whose
    every pair is joinable. room[0]: how many sets all roots together may still find; shared by the threads,
    and below 0 when it stopped here or elsewhere. Gives members (S, longest) int32 filled up with -1, counts
    (S,) and tried (longest + 1,): how many of each length were counted.
    """
    words = bits.shape[1]
    covers = np.empty((longest, words), np.uint64)
    left = np.empty(words // STRIDE_WORDS + 2, np.int64)
    siblings = np.empty((longest + 1, len(bits)), np.int32)
    many = np.empty(longest + 1, np.int64)
    at = np.empty(longest + 1, np.int64)
    tried = np.zeros(longest + 1, np.int64)
    members = np.full((256, longest), np.int32(-1), np.int32)
    counts = np.empty(len(members), np.int64)
    found = 0
    path = np.empty(longest, np.int32)
    for root in roots:
        path[0] = root
        many[1] = at[1] = 0
        for row in range(root + 1, len(bits)):
            if joinable[root, row]:
                siblings[1, many[1]] = row
                many[1] += 1
        covers[0] = bits[root]
        depth = 1  # members of the path that are chosen before siblings[depth] is tried
        while depth > 0 and room[0] >= 0:
            if at[depth] >= many[depth] - 1:
                depth -= 1
                at[depth] += 1
                continue
            chosen = siblings[depth, at[depth]]
            path[depth] = chosen
            _narrow(covers[depth], covers[depth - 1], bits[chosen])
            _ones_left(covers[depth], left)
            many[depth + 1] = 0
            at[depth + 1] = 0
            for place in range(at[depth] + 1, many[depth]):
                row = siblings[depth, place]
                if not joinable[chosen, row]:
                    continue
                tried[depth + 2] += 1
                ones = _count_from(covers[depth], bits[row], left, floor)
                if ones < floor:
                    continue
                room[0] -= 1
                if room[0] < 0:
                    return members, counts, tried
                if found == len(members):
                    members, counts = _doubled(members, counts)
                for earlier in range(depth + 1):
                    members[found, earlier] = path[earlier]
                members[found, depth + 1] = row
                counts[found] = ones
                found += 1
                siblings[depth + 1, many[depth + 1]] = row
                many[depth + 1] += 1
            if depth + 2 < longest and many[depth + 1] > 1:
                depth += 1
            else:
                at[depth] += 1
    return members[:found], counts[:found], tried


@njit(cache=True, nogil=True)
def _narrow(into, one, other):
    for word in range(len(into)):
        into[word] = one[word] & other[word]


@njit(cache=True, nogil=True)
def _ones_left(cover, left):
    """left[b]: ones in the cover from stride b on."""
    strides = (len(cover) + STRIDE_WORDS - 1) // STRIDE_WORDS
    left[strides] = 0
    for stride in range(strides - 1, -1, -1):
        part = cover[stride * STRIDE_WORDS : (stride + 1) * STRIDE_WORDS]
        ones = np.uint64(0)
        for word in range(len(part)):
            ones += _ones(part[word])
        left[stride] = left[stride + 1] + np.int64(ones)


@njit(cache=True, nogil=True)
def _count_from(cover, row, left, floor):
    """Ones in cover AND row, or -1 as soon as the floor is out of reach."""
    total = np.int64(0)
    for stride in range((len(cover) + STRIDE_WORDS - 1) // STRIDE_WORDS):
        if total + left[stride] < floor:
            return np.int64(-1)
        one = cover[stride * STRIDE_WORDS : (stride + 1) * STRIDE_WORDS]
        other = row[stride * STRIDE_WORDS : (stride + 1) * STRIDE_WORDS]
        ones = np.uint64(0)
        for word in range(len(one)):
            ones += _ones(one[word] & other[word])
        total += np.int64(ones)
    return total


@njit(cache=True, nogil=True)
def _doubled(members, counts):
    more = np.full((2 * len(members), members.shape[1]), np.int32(-1), np.int32)
    more[: len(members)] = members
    longer = np.empty(2 * len(counts), np.int64)
    longer[: len(counts)] = counts
    return more, longer
