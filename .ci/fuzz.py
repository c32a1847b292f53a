"""Damaged and hostile files through everything that reads a file.

    python .ci/fuzz.py [--cases 2000] [--seed 0]

Each goes through `load_net`, `load_arrays` or `rate_train --mode eval`. It must end in ValueError
or an OSError, its message one line that names the file (from the command: that line on stderr,
nothing on stdout, status 2), with the network in memory bit for bit as it was, or in a whole
network; within 5 s and 500 MB above the start, without a word on stdout or stderr, and without
running code from it. Worker processes take the cases; one that does not answer is killed. Linux
only. The exit status is 1 if a case failed."""

import argparse
import codecs
import collections
import contextlib
import io
import json
import os
import pickle
import resource
import select
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import time
import traceback
import warnings
import zipfile
import zlib
from pathlib import Path

import numpy as np
import torch
from scipy.io import savemat
from scipy.sparse import csc_matrix

from rate.cli import main as rate_train
from rate.files import load_arrays
from rate.model import FR_RNN_dale

ROOT = Path(__file__).resolve().parent.parent
SECONDS, MEGABYTES = 5, 500
ROUTES = 'load_net', 'cli', 'load_arrays'
BYTES = (
    'truncated',
    'wrong suffix',
    'wrong kind',
    'odd path',
    'declared size',
    'declared shape',
    'data type',
    'bomb',
    'zip',
    'code',
    'legacy',
)


# --- the worker: one case after another, as lines of JSON


def network():
    net = FR_RNN_dale(6, 0.5, 0.8, np.ones((6, 1)), seed=3)
    net.taus = [4, 20]
    return net


def state(net):
    "Everything that load_net could change, for a comparison bit for bit."
    return (
        {
            k: (id(t), t.dtype, tuple(t.shape), t.detach().numpy().tobytes())
            for k, t in net.state_dict(keep_vars=True).items()
        },
        {k: repr(v) for k, v in vars(net).items() if not k.startswith('_')},
    )


def whole(net):
    "Raises AssertionError unless the network is one that the dynamics can use."
    N, (M, K) = net.N, (net.w_out.shape[0], net.w_in.shape[1])
    shapes = dict(
        w=(N, N),
        mask=(N, N),
        som_mask=(N, N),
        severed=(N, N),
        w_in=(N, K),
        w_out=(M, N),
        b_out=(),
        taus_gaus=(N, 1),
        unit_gain=(N,),
    )
    tensors = net.state_dict()
    assert {k: tuple(t.shape) for k, t in tensors.items()} == shapes, 'shapes'
    assert all(t.isfinite().all() for t in tensors.values()), 'values that are not finite'
    assert np.array_equal(net.inh[:, 0], net.mask.diagonal().numpy() < 0) and np.array_equal(
        net.exc, ~net.inh
    ), 'types'
    assert len(net.som_inh) == net.som_N and net.NI + net.NE == N, 'numbers of units'
    assert not net.apply_dale or (net.w_eff * net.mask.diagonal() >= 0).all(), "Dale's principle"
    out = net.run(
        np.ones((1, K, 3)),
        net.taus or [4, 20],
        dict(T=3, DeltaT=min(1, *(net.taus or [1]))),
        seed=0,
    )
    assert out.o.shape == (2, 1, M), 'outputs'


def memory(field):
    "VmRSS or VmHWM, the memory now or at most, in MB."
    lines = Path('/proc/self/status').read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


@contextlib.contextmanager
def recorded(texts):
    "Record standard output and error, C code's too: `texts` gets both in the end."
    kept, files = [os.dup(1), os.dup(2)], [tempfile.TemporaryFile() for _ in range(2)]
    for fd, f in zip((1, 2), files):
        os.dup2(f.fileno(), fd)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for fd, was, f in zip((1, 2), kept, files):
            os.dup2(was, fd)
            os.close(was)
            f.seek(0)
            texts.append(f.read().decode(errors='replace'))
            f.close()


def run(path, route):
    "Outcome of one case: 'error', 'network' or 'read', or what is wrong with it."
    net, texts, message, code = network(), [], None, None
    before = state(net)
    with recorded(texts):
        try:
            if route == 'cli':
                code = rate_train(
                    ['go-nogo', '--mode', 'eval', '--eval_trials', '2', '--model', path]
                )
            elif route == 'load_net':
                net.load_net(path)
            else:
                load_arrays(path)
        except (ValueError, OSError) as e:
            message = str(e)
        except BaseException as e:
            return f'{type(e).__name__}: {traceback.format_exc()[-600:]}'
    out, err = texts
    if code == 2 and not out:
        message, err = err.removesuffix('\n'), ''
    if route == 'cli' and code == 0 and out.count('\n') == 1:
        out = ''
    if route == 'cli' and code is None:
        return f'left main: {message}'
    if out or err:
        return f'printed {out[-300:]!r} and {err[-300:]!r}, status {code}'
    if message is None:
        if route == 'load_net':
            try:
                whole(net)
            except Exception as e:
                return f'not a whole network: {type(e).__name__} {e}'
        return 'read' if route == 'load_arrays' else 'network'
    if len(message.splitlines()) != 1 or path not in message:
        return f'message {message!r}'
    if len(message) > len(path) + 500:
        return f'a message of {len(message)} characters: {message[:200]!r}'
    if not all(c.isprintable() for c in message.replace(path, '')):
        return f'control characters: {message!r}'
    if state(net) != before:
        return f'the network changed before {message!r}'
    return 'error'


def work():
    torch.set_num_threads(1)
    replies, sys.stdout = os.fdopen(os.dup(1), 'w'), os.fdopen(os.dup2(2, 1), 'w')
    rate_train(
        [
            'go-nogo',
            '--mode',
            'eval',
            '--eval_trials',
            '2',
            '--model',
            str(ROOT / 'nbs/files/go_nogo_N200.mat'),
        ]
    )
    sys.stdout.flush()
    # the machine is safe even where a file is not
    virtual = int(memory('VmSize') * 2**20)
    resource.setrlimit(resource.RLIMIT_AS, (virtual + 8 * 2**30,) * 2)
    base = memory('VmRSS')
    print('ready', file=replies, flush=True)
    for line in sys.stdin:
        Path('/proc/self/clear_refs').write_text('5')  # the highest memory counts from here
        start = time.monotonic()
        outcome = run(**json.loads(line))
        print(
            json.dumps([outcome, time.monotonic() - start, memory('VmHWM') - base]),
            file=replies,
            flush=True,
        )


class Worker:
    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, __file__, '--work'],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout.readline() == 'ready\n', 'the worker did not start'

    def ask(self, path, route):
        print(json.dumps(dict(path=path, route=route)), file=self.process.stdin, flush=True)
        if not select.select([self.process.stdout], [], [], SECONDS)[0]:
            return self.end('no answer')
        line = self.process.stdout.readline()
        return json.loads(line) if line else self.end('the process died')

    def end(self, why):
        self.process.kill()
        status = self.process.wait()
        self.__init__()
        return f'{why}, status {status}', SECONDS, 0


# --- the files: (kind, name, bytes or what makes the file at a path)


def saved(held, **kw):
    f = io.BytesIO()
    torch.save(held, f, **kw)
    return f.getvalue()


def mat(arrays, compress=True, **kw):
    f = io.BytesIO()
    savemat(f, arrays, do_compression=compress, oned_as='row', **kw)
    return f.getvalue()


def flipped(data, rng, n=None):
    data = bytearray(data)
    for i in rng.integers(len(data), size=n or rng.integers(1, 6)):
        data[i] ^= int(rng.integers(1, 256))
    return bytes(data)


def zipped(members, method=zipfile.ZIP_STORED):
    f = io.BytesIO()
    with zipfile.ZipFile(f, 'w', method) as z:
        for name, data in members.items():
            z.writestr(name, data)
    return f.getvalue()


def members(data):
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        return {n: z.read(n) for n in z.namelist()}


def elements(data):
    "Header and uncompressed variables of a MATLAB 5 file."
    bodies, at = [], 128
    while at < len(data):
        kind, n = struct.unpack_from('<2I', data, at)
        bodies.append(
            zlib.decompress(data[at + 8 : at + 8 + n]) if kind == 15 else data[at : at + 8 + n]
        )
        at += 8 + n
    return data[:128], bodies


def packed(body):
    return struct.pack('<2I', 15, len(z := zlib.compress(body))) + z


def zeros(n, start=b''):
    "A compressed variable of n zero bytes after `start`, made without holding them."
    z = zlib.compressobj(9)
    parts = [z.compress(start)]
    for _ in range(n >> 20):
        parts.append(z.compress(bytes(2**20)))
    body = b''.join(parts) + z.flush()
    return struct.pack('<2I', 15, len(body)) + body


def variable(name, kind, shape, data, data_type=9, data_size=None):
    "A variable of class `kind` as MATLAB 5 files hold it; `data_size` is what its tag claims."

    def element(t, b, n=None):
        return struct.pack('<2I', t, len(b) if n is None else n) + b + bytes(-len(b) % 8)

    body = (
        element(6, struct.pack('<2I', kind, 0))
        + element(5, struct.pack(f'<{len(shape)}i', *shape))
        + element(1, name.encode())
        + element(data_type, data, data_size)
    )
    return struct.pack('<2I', 14, len(body)) + body


class Call:
    def __init__(self, *reduce):
        self.reduce = reduce

    def __reduce__(self):
        return self.reduce


def changes(good, N):
    "Networks that are none: (kind, name, arrays)."
    rng = np.random.default_rng(0)
    for k in good:
        yield 'missing key', k, {a: v for a, v in good.items() if a != k}
    for k, v in good.items():
        if not isinstance(v, np.ndarray):
            v = np.array([[v]])
        if v.dtype.kind == 'U':
            v = np.zeros((1, 1))
        v = v.astype(float)
        for name, new in dict(
            nan=v * np.nan,
            inf=v + np.inf,
            negative=-v - 1,
            fraction=v + 0.5,
            huge=v + 1e200,
            double=v + 1e308,
            cube=v[None],
            flat=v.ravel(),
            empty=v[:0],
            empty_columns=v[:, :0],
            wide=np.hstack([v, v]),
            tall=np.vstack([v, v]),
            transposed=v.T,
            text='text',
            letters=np.array(['ab', 'cd']),
            long_text='x' * 10**6,
            lines='a\nb\x1b[31m',
        ).items():
            yield f'value: {name}', k, {**good, k: new}
        yield 'complex', k, {**good, k: v + 1j}
        for dtype in ('int8', 'uint64', 'float32', 'bool'):
            yield 'other dtype', f'{k}_{dtype}', {**good, k: np.abs(v).astype(dtype)}
    for n in (0, -1, -N, N - 1, N + 1, N + 0.5, 10**9, 2**31, 2**63, 1e30, 1e300):
        yield 'N', f'{n}', {**good, 'N': float(n)}
    for taus in (
        [],
        [0],
        [-4, 20],
        [20, 4],
        [4, 4],
        [1, 2, 3],
        [1e-30],
        [1e30],
        [0.5, 3],
        [4, 1e38],
    ):
        yield 'taus', f'{taus}', {**good, 'taus': np.array([taus], dtype=float)}
    for name in ('tanh', '', ' ', 'Sigmoid', 'sigmoid ', '__class__'):
        yield 'activation', name, {**good, 'activation': name}
    yield 'random', 'all', {
        k: rng.standard_normal(np.shape(v)) if np.ndim(v) else 1 for k, v in good.items()
    }


def checkpoint(arrays):
    "Arrays of the .mat format as a checkpoint."
    names = dict(
        m='mask',
        som_m='som_mask',
        w='w',
        w_in='w_in',
        w_out='w_out',
        b_out='b_out',
        taus_gaus='taus_gaus',
        severed='severed',
        unit_gain='unit_gain',
    )
    config = {
        k: (
            v.item()
            if np.size(v) == 1 and hasattr(v, 'item')
            else v.tolist() if hasattr(v, 'tolist') else v
        )
        for k, v in arrays.items()
        if k not in (*names, 'exc', 'inh')
    }
    tensor = lambda v: (
        torch.as_tensor(v) if not isinstance(v, str) and np.asarray(v).dtype.kind != 'U' else str(v)
    )
    return {
        'config': config,
        'state_dict': {names[k]: tensor(v) for k, v in arrays.items() if k in names},
    }


def special_mats(good, header, w_body, marker):
    "Hand-made .mat files: (kind, name, data)."
    N = len(good['w'])
    rest = b''.join(elements(mat({k: v for k, v in good.items() if k != 'w'}))[1])
    floats = good['w'].tobytes()
    for n in (0, 1, 7, 2**20, 2**30, 2**31, 2**32 - 8, 2**32 - 1):
        yield 'declared size', f'tag_{n}', header + struct.pack('<2I', 14, n) + w_body[8:]
        yield 'declared size', f'packed_tag_{n}', header + struct.pack('<2I', 15, n) + packed(
            w_body
        )[8:]
        yield 'declared size', f'inner_tag_{n}', header + packed(
            struct.pack('<2I', 14, n) + w_body[8:]
        )
        for inner in range(4):
            at = 8 + (0, 16, 32, 40)[inner]
            yield 'declared size', f'part{inner}_{n}', header + w_body[: at + 4] + struct.pack(
                '<I', n
            ) + w_body[at + 8 :]
        for kind in (4, 6, 9, 13):
            yield 'declared size', f'data_{kind}_{n}', header + packed(
                variable('w', kind, (N, N), floats, data_size=n)
            ) + rest
    for shape in (
        (2**30, 2**30),
        (2**31 - 1, 1),
        (-1, N),
        (-N, -N),
        (0, 2**31 - 1),
        (2**31 - 1,) * 32,
        (1,) * 100,
        (),
        (N,),
        (1, N * N),
        (N, N, 1),
    ):
        for kind in (1, 2, 3, 4, 5, 6, 9, 13, 16, 17):
            yield 'declared shape', f'{kind}_{len(shape)}_{shape[:2]}', header + packed(
                variable('w', kind, shape, floats)
            ) + rest
    for kind in range(0, 20):
        yield 'class', f'{kind}', header + variable('w', kind, (N, N), floats) + rest
    for kind in range(0, 20):
        yield 'data type', f'{kind}', header + variable('w', 6, (N, N), floats, kind) + rest
    yield 'object', 'opaque', header + struct.pack('<2I', 14, 88) + struct.pack(
        '<4I', 6, 8, 17, 0
    ) + struct.pack('<2I', 1, 1) + b'w'.ljust(8, b'\0') + struct.pack('<2I', 1, 4) + b'MCOS'.ljust(
        8, b'\0'
    ) + struct.pack(
        '<2I', 1, 5
    ) + b'table'.ljust(
        8, b'\0'
    ) + bytes(
        32
    ) + rest
    yield 'object', 'function', header + variable(
        'w', 16, (1, 1), variable('', 2, (1, 1), b'')
    ) + rest
    yield 'object', 'workspace', header + variable('', 9, (1, 8), bytes(8), 2) + rest
    level = variable('', 6, (1, 1), bytes(8))
    for _ in range(2000):
        level = (
            struct.pack('<2I', 14, 40 + len(level))
            + struct.pack('<8I', 6, 8, 1, 0, 5, 8, 1, 1)
            + struct.pack('<2I', 1, 0)
            + level
        )
    yield 'object', 'nested_cells_2000', header + packed(level) + rest
    count, core = 200_000, variable('', 6, (1, 1), bytes(8))
    opening = b''.join(
        struct.pack('<2I', 14, 40 * (count - i) + len(core))
        + struct.pack('<8I', 6, 8, 1, 0, 5, 8, 1, 1)
        + struct.pack('<2I', 1, 0)
        for i in range(count)
    )
    yield 'object', 'nested_cells_200000', header + packed(opening + core) + rest
    yield from hostile_mats(good, header, rest)
    for name, value in dict(
        cell=np.array([[1, 'a']], dtype=object),
        struct={'a': good['w']},
        sparse=csc_matrix(good['w']),
        cells_of_cells=np.array([[np.array([[1, 'a']], dtype=object)]], dtype=object),
    ).items():
        for k in ('w', 'N', 'activation', 'extra'):
            yield 'object', f'{name}_{k}', mat({**good, k: value})
    plain = struct.pack('<2I', 14, 2**28 * 8)
    for mb in (1, 100, 255, 257, 400, 1000):
        yield 'bomb', f'zeros_{mb}', header + zeros(mb << 20, plain)
        yield 'bomb', f'array_{mb}', header + zeros(
            mb << 20, variable('w', 6, (mb << 8, 512), b'', data_size=mb << 20)
        ) + rest
    yield 'bomb', 'many', header + zeros(
        50 << 20, variable('w', 6, (100, 65536), b'', data_size=50 << 20)
    ) * 40
    yield 'bomb', 'twice', header + packed(packed(packed(w_body)))
    yield 'bomb', 'variables', header + variable('a', 6, (1, 1), bytes(8)) * 15_000
    big = 2300
    tiny = {
        **good,
        'N': big,
        **{k: np.zeros((big, big), 'uint8') for k in ('w', 'som_m')},
        'm': np.eye(big, dtype='uint8'),
        'exc': np.ones((big, 1)),
        'inh': np.zeros((big, 1)),
        'taus_gaus': np.zeros((big, 1)),
        'w_in': np.ones((big, 2)),
        'w_out': np.ones((1, big)),
        'som_N': 0,
    }
    yield 'bomb', 'valid_network_of_2300', mat(tiny)
    yield 'bomb', 'valid_network_of_2300_doubles', mat(
        {**tiny, **{k: tiny[k].astype(float) for k in ('w', 'som_m', 'm')}}
    )
    yield 'duplicate keys', 'w', header + w_body + variable('w', 6, (1, 1), bytes(8)) + rest
    yield 'duplicate keys', 'w_twice', header + w_body * 2 + rest
    for name in ('', '__header__', 'w\0w', 'w' * 100, '../w', 'w\n'):
        yield 'name', repr(name)[1:-1].replace('/', '_'), header + variable(
            name, 6, (N, N), floats
        ) + rest
    yield 'kind of file', 'level_4', mat(
        {k: v for k, v in good.items()}, compress=False, format='4'
    )
    for start in (
        struct.pack('<5I', 0, 2**31 - 1, 2**31 - 1, 0, 2),
        struct.pack('<5I', 0, 2**16, 2**15, 0, 2),
        struct.pack('<5i', 0, -1, -1, 0, -(2**31)),
    ):
        yield 'kind of file', f'level_4_{start.hex()}', start + b'w\0' + bytes(300)
    for skip in (0, 512):
        yield 'kind of file', f'hdf5_{skip}', (
            b'MATLAB 7.3 MAT-file, Platform: GLNXA64'.ljust(124) + b'\0\2IM'
        ).ljust(skip, b'\0')[:skip] + b'\x89HDF\r\n\x1a\n' + bytes(2000)
    for order in (b'MI', b'IM', b'XX', b'\0\0'):
        for version in (b'\0\1', b'\1\0', b'\0\2', b'\2\0', b'\xff\xff'):
            yield 'header', f'{version.hex()}_{order.hex()}', header[
                :124
            ] + version + order + w_body + rest


def part(kind, data, n=None):
    return struct.pack('<2I', kind, len(data) if n is None else n) + data + bytes(-len(data) % 8)


def holder(kind, name, shape, *parts):
    "A variable of class `kind`, such as a cell, that holds `parts`."
    return part(
        14,
        part(6, struct.pack('<2I', kind, 0))
        + part(5, struct.pack(f'<{len(shape)}i', *shape))
        + part(1, name.encode())
        + b''.join(parts),
    )


def hostile_mats(good, header, rest):
    "Cells, structs and sparse matrices that are none: (kind, name, data)."
    N, w = len(good['w']), good['w']
    number, numbers = variable('', 6, (1, 1), bytes(8)), variable('', 6, (N, N), w.tobytes())
    text = variable('', 4, (1, 7), b'sigmoid', 1)
    for shape in ((1, 1), (0, 1), (2, 1), (2**30, 2**30), (-1, -1), (1,) * 30, (1,) * 3000):
        for kind in (1, 2, 3, 5):
            yield 'cell', f'{kind}_{len(shape)}_{shape[0]}', header + packed(
                holder(kind, 'w', shape, numbers)
            ) + rest
    for name, inner in dict(
        nothing=b'',
        empty=part(14, b''),
        number=number,
        numbers=numbers,
        text=text,
        cell=holder(1, '', (1, 1), number),
        struct=holder(2, '', (1, 1), part(5, struct.pack('<i', 2)), part(1, b'a\0'), number),
        huge=variable('', 6, (2**20, 2**20), b''),
        huge_text=variable('', 4, (2**20, 2**20), b'', 1),
        huge_sparse=holder(5, '', (2**30, 2**30), part(5, b''), part(5, b''), part(9, b'')),
        two=numbers * 2,
        no_variable=part(9, bytes(8)),
    ).items():
        for key in ('w', 'activation', 'extra'):
            yield 'cell', f'{name}_{key}', header + packed(holder(1, key, (1, 1), inner)) + rest
        for n in (0, 8, 2**31, 2**32 - 1):
            yield 'cell', f'{name}_{n}', header + packed(
                holder(1, 'w', (1, 1), inner[:4] + struct.pack('<I', n) + inner[8:])
            ) + rest
        for length in (0, 1, 2, -1, 2**31 - 1):
            for names in (b'', b'w\0', b'w\0N\0', b'\0' * 5000, b'w' * 5000):
                yield 'struct', f'{name}_{length}_{len(names)}', header + packed(
                    holder(
                        2, 'net', (1, 1), part(5, struct.pack('<i', length)), part(1, names), inner
                    )
                ) + rest
    yield 'struct', 'many_fields', header + zeros(
        60 << 20,
        holder(2, 'net', (1, 1), part(5, struct.pack('<i', 1)))[:72] + part(1, b'', 50 << 20),
    )
    yield 'struct', 'twice', mat({'a': good, 'b': good})
    yield 'struct', 'beside', mat({'net': good, 'N': 3, 'w': 1})
    yield 'struct', 'array', mat({'net': np.array([[good, good]], dtype=object)})
    yield 'struct', 'in_struct', mat({'net': {'net': good}})
    i32 = lambda *a: part(5, struct.pack(f'<{len(a)}i', *a))
    starts = list(range(N + 1))
    for name, (rows, columns, values) in dict(
        good=(range(N), starts, N),
        outside=([N] * N, starts, N),
        negative=([-1] * N, starts, N),
        few_rows=(range(2), starts, N),
        few_values=(range(N), starts, 2),
        no_values=(range(N), starts, 0),
        falling=(range(N), starts[::-1], N),
        late=(range(N), [5] + starts[1:], N),
        short=(range(N), starts[:-3], N),
        long=(range(N), starts + [N], N),
        none=([], [], 0),
        huge=(range(N), starts[:-1] + [2**31 - 1], N),
    ).items():
        for shape in ((N, N), (2**14, 2**14), (2**31 - 1, N), (N, 2**31 - 1), (0, N), (N, 0)):
            yield 'sparse', f'{name}_{shape[0]}_{shape[1]}', header + packed(
                holder(5, 'w', shape, i32(*rows), i32(*columns), part(9, bytes(8 * values)))
            ) + rest


def hostile_numpy(held):
    "Checkpoints with arrays of numpy's that are none: (kind, name, data)."
    make, kind = np.ones(1).__reduce__()[:1][0], np.dtype
    latin = lambda text: Call(codecs.encode, (text, 'latin1'))

    def array(
        shape=(2,),
        dtype=np.dtype('f8'),
        fortran=False,
        data=bytes(16),
        args=(np.ndarray, (0,), b'b'),
    ):
        return Call(make, args, (1, shape, dtype, fortran, data))

    class State:
        def __init__(self, name, state):
            self.reduce = kind, (name, False, True), state

        def __reduce__(self):
            return self.reduce

    for name, value in dict(
        good=array(),
        short=array(data=bytes(8)),
        shape=array(shape=(2**62,)),
        negative=array(shape=(-1,)),
        zeros=array(shape=(0, 2**62), data=b''),
        deep=array(shape=(1,) * 100, data=bytes(8)),
        objects=array(dtype=np.dtype('O'), data=[1, 2]),
        void=array(dtype=np.dtype('V8')),
        text=array(dtype=np.dtype('U2')),
        flags=array(dtype=State('f8', (3, '<', None, None, None, -1, -1, 63))),
        fields=array(
            dtype=State('f8', (3, '<', (kind('f8'), (9,)), ('a',), {'a': (kind('O'), 0)}, 8, 8, 63))
        ),
        order=array(dtype=State('f8', (3, 'O', None, None, None, -1, -1, 0))),
        order_number=array(dtype=State('f8', (3, 5, None, None, None, -1, -1, 0))),
        name=array(dtype=State('O8', (3, '|', None, None, None, -1, -1, 63))),
        no_state=Call(make, (np.ndarray, (0,), b'b')),
        other_class=array(args=(np.matrix, (0,), b'b')),
        size=array(args=(np.ndarray, (2**40,), b'b')),
        data_text=array(data='text'),
        data_none=array(data=None),
        punycode=Call(codecs.encode, ('\u0436' * 10**6, 'punycode')),
        idna=Call(codecs.encode, ('\u0436' * 10**6, 'idna')),
        wide=Call(codecs.encode, ('\u0436', 'latin1')),
        bomb=[latin('x' * 10**5)] * 1000,
    ).items():
        for k in ('losses', 'settings', 'model_state_dict', 'final_loss'):
            yield 'numpy', f'{name}_{k}', saved({**held, k: value})
        for k in ('w', 'mask', 'severed'):
            state = {**held['model_state_dict'], k: value}
            yield 'numpy', f'{name}_{k}', saved({**held, 'model_state_dict': state})


def special_checkpoints(good, marker):
    "Hand-made .pth files: (kind, name, data)."
    held = checkpoint(good)
    data = saved(held)
    parts = members(data)
    N, tensors, config = len(good['w']), held['state_dict'], held['config']

    def with_tensor(k, t):
        return saved({'config': config, 'state_dict': {**tensors, k: t}})

    def with_config(k, v):
        return saved({'config': {**config, k: v}, 'state_dict': tensors})

    def pickled(change):
        return zipped({n: change(b) if n.endswith('data.pkl') else b for n, b in parts.items()})

    one = torch.zeros(1)
    for k in ('w', 'mask', 'w_in', 'severed'):
        for n in (N, 3000, 10**4, 10**6, 10**9, 2**31):
            yield 'strides', f'{k}_{n}', with_tensor(k, one.as_strided((n, n), (0, 0)))
        for shape in ((2**62,), (2**31, 1), (1,) * 60, (0, 2**40)):
            yield 'strides', f'{k}_{shape[:2]}', with_tensor(
                k, one.as_strided(shape, (0,) * len(shape))
            )
        for dtype in (
            torch.float16,
            torch.bfloat16,
            torch.complex64,
            torch.int8,
            torch.int64,
            torch.bool,
            torch.uint8,
            torch.float8_e4m3fn,
        ):
            yield 'other dtype', f'{k}_{dtype}', with_tensor(k, torch.eye(N).to(dtype))
        yield 'kind of tensor', f'{k}_sparse', with_tensor(k, torch.eye(N).to_sparse())
        yield 'kind of tensor', f'{k}_csr', with_tensor(k, torch.eye(N).to_sparse_csr())
        yield 'kind of tensor', f'{k}_meta', with_tensor(k, torch.empty(N, N, device='meta'))
        yield 'kind of tensor', f'{k}_huge_meta', with_tensor(
            k, torch.empty(10**6, 10**6, device='meta')
        )
        yield 'kind of tensor', f'{k}_quantised', with_tensor(
            k, torch.quantize_per_tensor(torch.eye(N), 0.1, 0, torch.quint8)
        )
        yield 'kind of tensor', f'{k}_conj', with_tensor(
            k, torch.eye(N, dtype=torch.complex64).conj()
        )
        yield 'kind of tensor', f'{k}_grad', with_tensor(k, torch.nn.Parameter(torch.eye(N)))
    for k in (*tensors, 'severed'):
        for name, v in dict(
            none=None,
            text='text',
            bytes=b'1',
            list=[1.0],
            nested=[[1.0] * N] * N,
            dict={},
            set={1},
            true=True,
            number=10**400,
        ).items():
            yield 'kind of value', f'{k}_{name}', with_tensor(k, v)
    laughs = [1.0] * 10
    for _ in range(40):
        laughs = [laughs] * 10
    deep = []
    for _ in range(400):
        deep = [deep]
    for k in ('w', *config):
        for name, v in dict(
            none=None,
            laughs=laughs,
            deep=deep,
            numbers=[1.0] * 10**5,
            dict={'a': 1},
            text='x' * 10**6,
            big=10**300,
            tensor=torch.eye(3),
            nan=float('nan'),
            escape='\x1b[2J\n\nx',
        ).items():
            yield 'kind of value', f'config_{k}_{name}', (
                with_config(k, v) if k != 'w' else with_tensor(k, v)
            )
    for name, v in dict(
        list=[1], tensor=torch.eye(3), none=None, text='state', number=5, module=torch.Size([1])
    ).items():
        yield 'kind of checkpoint', name, saved(v)
        yield 'kind of checkpoint', f'state_{name}', saved({'config': config, 'state_dict': v})
        yield 'kind of checkpoint', f'config_{name}', saved({'config': v, 'state_dict': tensors})
    yield 'kind of checkpoint', 'numbers_as_keys', saved(
        {1: 2, 'state_dict': {1: one, (1, 2): one}}
    )
    ordered = Call(
        collections.OrderedDict,
        (),
        dict.fromkeys(('items', 'keys', 'values', 'get', 'state_dict'), 5),
        None,
        iter(tensors.items()),
    )
    yield 'kind of checkpoint', 'methods_replaced', saved({'config': config, 'state_dict': ordered})
    yield 'kind of checkpoint', 'methods_replaced_outside', saved(
        Call(collections.OrderedDict, (), {'items': 5}, None, iter(held.items()))
    )
    pkl = next(b for n, b in parts.items() if n.endswith('data.pkl'))
    for n in (N * N, 1):
        for to in (0, 1, 10**5, 2**31 - 1, -1, -(2**31)):
            was = b'M' + struct.pack('<H', n) if n > 255 else b'K' + bytes([n])
            for i, at in enumerate([i for i in range(len(pkl)) if pkl.startswith(was, i)][:12]):
                yield 'declared size', f'{n}_{to}_{i}', pickled(
                    lambda b, at=at, was=was, to=to: b[:at]
                    + b'J'
                    + struct.pack('<i', to)
                    + b[at + len(was) :]
                )
    yield from hostile_numpy({'model_state_dict': tensors, 'settings': {'taus': [4, 20]}})
    yield 'zip', 'compressed', zipped(parts, zipfile.ZIP_DEFLATED)
    yield 'zip', 'bomb', zipped({**parts, 'archive/data/0': bytes(600 << 20)}, zipfile.ZIP_DEFLATED)
    yield 'zip', 'bomb_beside', zipped(
        {**parts, 'archive/x': bytes(600 << 20)}, zipfile.ZIP_DEFLATED
    )
    yield 'zip', 'before', b'x' * 100 + data
    yield 'zip', 'after', data + b'x' * 100
    yield 'zip', 'twice', data + data
    yield 'zip', 'empty', zipped({})
    for gone in parts:
        yield 'zip', f'without_{gone.replace("/", "_")}', zipped(
            {n: b for n, b in parts.items() if n != gone}
        )
    for n in parts:
        yield 'zip', f'empty_{n.replace("/", "_")}', zipped({**parts, n: b''})
    at = data.index(b'PK\1\2')
    while at >= 0:
        for field, size in ((10, 2), (20, 4), (24, 4), (28, 2), (30, 2), (42, 4)):
            for v in (0, 8, 2 ** (8 * size) - 1, 2 ** (8 * size - 1)):
                if field in (20, 24) or at == data.index(b'PK\1\2'):
                    yield 'zip', f'{at}_{field}_{v}', data[: at + field] + v.to_bytes(
                        size, 'little'
                    ) + data[at + field + size :]
        at = data.find(b'PK\1\2', at + 1)
    command = f'open({str(marker)!r}, "w")'
    calls = dict(
        exec=(exec, (command,)),
        eval=(eval, (command,)),
        system=(os.system, (f'touch {marker}',)),
        popen=(subprocess.Popen, (['touch', str(marker)],)),
        getattr=(getattr, (os, 'system')),
        open=(open, (str(marker), 'w')),
        memory=(bytearray, (3 * 10**9,)),
        memory_small=(bytearray, (6 * 10**8,)),
        storage=(torch.FloatStorage, (10**9,)),
        storage_huge=(torch.FloatStorage, (10**12,)),
        numpy=(np.zeros, (10**9,)),
        tensor=(torch.Tensor, (10**9,)),
        counter=(collections.Counter, ('abc',)),
        run_path=(__import__('runpy').run_path, (str(marker),)),
    )
    for name, call in calls.items():
        if name == 'getattr':
            continue
        for place, v in dict(
            outside=Call(*call),
            inside={**held, 'more': Call(*call)},
            key={**held, 'config': {'N': Call(*call)}},
        ).items():
            yield 'code', f'{name}_{place}', saved(v)
            yield 'code', f'{name}_{place}_legacy', saved(v, _use_new_zipfile_serialization=False)
            yield 'code', f'{name}_{place}_pickle', pickle.dumps(v)
    for text in (
        b"cos\nsystem\n(S'touch " + bytes(marker) + b"'\ntR.",
        b'\x80\x02cbuiltins\nexec\nX'
        + struct.pack('<I', len(command))
        + command.encode()
        + b'\x85R.',
        b'\x80\x04\x95\0\0\0\0\0\0\0\x80\x8c\x02os\x8c\x06system\x93.',
        b'(' * 10**5,
        b'\x80\x02' + b']' * 10**5 + b'.',
        b'\x80\x02]' + b'q\0h\0a' * 10**5 + b'.',
        b'\x80\x02X\xff\xff\xff\xffa.',
        b'\x80\x02\x8a\xff' + b'\xff' * 255 + b'.',
        b'.',
        b'\x80\x02.',
        b'\x80\x02}(K\1.',
    ):
        yield 'code', f'pickle_{zlib.crc32(text)}', pickled(lambda b, text=text: text)
    yield 'code', 'depth', pickled(lambda b: b'\x80\x02' + b']' * 10**5 + b'a' * (10**5 - 1) + b'.')
    yield 'legacy', 'plain', saved(held, _use_new_zipfile_serialization=False)
    script = io.BytesIO()
    torch.jit.save(torch.jit.trace(torch.nn.Linear(2, 2), torch.ones(1, 2)), script)
    yield 'legacy', 'torchscript', script.getvalue()
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode='w') as t:
        for name in ('storages', 'tensors', 'pickle', '../outside'):
            t.addfile(tarfile.TarInfo(name))
    yield 'legacy', 'tar', tar.getvalue()


def odd_paths():
    "Things that are no files: (kind, name, what makes it)."
    png = (ROOT / 'nbs/social-card.png').read_bytes()

    def folder(*names):
        def make(path):
            path.mkdir()
            for n in names:
                (path / n).write_bytes(b'x')

        return make

    def loop(path):
        path.symlink_to(path)

    def inside(make):
        def nested(path):
            path.mkdir()
            make(path / f'a{path.suffix}')

        return nested

    for end in ('.mat', '.pth', '.pt', '.txt', '', '.MAT', '.mat.gz'):
        yield 'odd path', f'absent{end}', lambda path: None
        for name, data in dict(
            empty=b'',
            one=b'x',
            text=b'w = 1\n' * 100,
            zeros=bytes(5000),
            png=png[:20_000],
            pickle=b'\x80\x04N.',
            gzip=b'\x1f\x8b\x08' + bytes(60),
        ).items():
            yield 'wrong kind', f'{name}{end}', data
        yield 'odd path', f'folder{end}', folder()
        yield 'odd path', f'folder_of_two_mat{end}', folder('a.mat', 'b.mat')
        yield 'odd path', f'folder_of_two_pth{end}', folder('a.pth', 'b.pth', 'c.mat')
        yield 'odd path', f'folder_of_one{end}', folder('a.mat', 'b.txt')
        for name, make in dict(
            loop=loop,
            fifo=os.mkfifo,
            zero=lambda p: p.symlink_to('/dev/zero'),
            full=lambda p: p.symlink_to('/dev/full'),
            memory=lambda p: p.symlink_to('/proc/self/mem'),
            dangling=lambda p: p.symlink_to(p.parent / 'nowhere'),
            sparse_file=lambda p: (p.touch(), os.truncate(p, 20 * 2**30)),
        ).items():
            yield 'odd path', f'{name}{end}', make
            yield 'odd path', f'folder_of_{name}{end}', inside(make)
        yield 'odd path', f'a\0b{end}', lambda path: None
        yield 'odd path', f'{"long" * 100}{end}', lambda path: None
        yield 'odd path', f'under_a_file{end}/b{end}', lambda path: path.parent.write_bytes(b'x')


def corpus(rng, marker):
    lab = (ROOT / 'nbs/files/go_nogo_N200.mat').read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        net = FR_RNN_dale(17, 0.4, 0.6, np.ones((17, 1)), som_N=2, seed=1)
        net.taus = [4, 20]
        for end in ('mat', 'pth'):
            net.save(Path(folder) / f'net.{end}')
        small, pth = ((Path(folder) / f'net.{end}').read_bytes() for end in ('mat', 'pth'))
    good = net.arrays()
    plain = mat(good, compress=False)
    header, bodies = elements(small)
    cell = np.array([[None]], dtype=object)
    cell[0, 0] = 'softplus'
    nested = {**good, 'activation': cell, 'w': csc_matrix(good['w'])}
    bases = {
        'lab.mat': lab,
        'small.mat': small,
        'plain.mat': plain,
        'small.pth': pth,
        'nested.mat': mat(nested, compress=False),
        'struct.mat': mat({'net': nested}, compress=False),
        'numpy.pth': saved(
            {
                'model_state_dict': net.state_dict(),
                'settings': {'taus': [4, 20]},
                'losses': np.ones((3, 4)),
                'final_loss': np.float64(1),
            }
        ),
    }
    for name, data in bases.items():
        yield 'good', name, data
        for n in range(0, len(data), 512):
            yield 'truncated', f'{n}_{name}', data[:n]
        yield 'wrong suffix', name.replace('mat', 'xxx').replace('pth', 'mat').replace(
            'xxx', 'pth'
        ), data
        yield 'wrong suffix', f'{name}.txt', data
    yield from odd_paths()
    for kind, name, arrays in changes(good, net.N):
        yield kind, f'{name}.mat', mat(arrays)
        yield kind, f'{name}.pth', saved(checkpoint(arrays))
    for kind, name, data in special_mats(good, header, bodies[-1], marker):
        yield kind, f'{name}.mat', data
    for kind, name, data in special_checkpoints(good, marker):
        yield kind, f'{name}.pth', data
    parts, with_numpy = members(pth), members(bases['numpy.pth'])
    nested, struct_ = (elements(bases[name])[1] for name in ('nested.mat', 'struct.mat'))
    while True:
        for name, data in bases.items():
            yield f'flipped {name}', name, flipped(data, rng)
        yield 'flipped inside .mat', 'inside.mat', header + b''.join(
            packed(flipped(b, rng)) if rng.random() < 0.2 else packed(b) for b in bodies
        )
        for held in (nested, struct_):
            yield 'flipped cells and structs', 'inside.mat', header + b''.join(
                packed(flipped(b, rng, 1)) if rng.random() < 0.5 else packed(b) for b in held
            )
        for held in (parts, with_numpy):
            yield 'flipped inside .pth', 'inside.pth', zipped(
                {n: flipped(b, rng, 2) if n.endswith('data.pkl') else b for n, b in held.items()}
            )
        yield 'flipped tensor', 'tensor.pth', zipped(
            {
                n: flipped(b, rng) if b and '/data/' in n and rng.random() < 0.5 else b
                for n, b in parts.items()
            }
        )


def by_command(folder, marker):
    "A handful through the command itself: what is wrong, by name."
    wrong, lab = {}, (ROOT / 'nbs/files/go_nogo_N200.mat').read_bytes()
    (folder / 'cut.mat').write_bytes(lab[:9000])
    (folder / 'code.pth').write_bytes(saved(Call(os.system, (f'touch {marker}',))))
    (folder / 'hdf.mat').write_bytes(b'MATLAB 7.3 MAT-file'.ljust(124) + b'\0\2IM' + bytes(999))
    os.mkfifo(folder / 'fifo.mat')
    for name in ('cut.mat', 'code.pth', 'hdf.mat', 'fifo.mat', 'absent.pth'):
        done = subprocess.run(
            ['rate_train', 'go-nogo', '--mode', 'eval', '--model', str(folder / name)],
            capture_output=True,
            text=True,
            timeout=60,
        )
        right = (
            done.returncode == 2
            and not done.stdout
            and done.stderr.count('\n') == 1
            and name in done.stderr
        )
        wrong[name] = (
            '' if right else f'status {done.returncode}, {done.stdout!r}, {done.stderr[-300:]!r}'
        )
    return wrong


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument(
        '--cases',
        type=int,
        default=2000,
        help='at least so many; all hand-made files are always among them',
    )
    p.add_argument('--seed', type=int, default=0, help='of the flipped bytes')
    p.add_argument('--work', action='store_true', help=argparse.SUPPRESS)
    args = p.parse_args()
    if args.work:
        return work()
    warnings.simplefilter('ignore')  # of the libraries that write the files
    outcomes, failures, slowest, largest = (
        collections.defaultdict(collections.Counter),
        [],
        (0, ''),
        (0, ''),
    )
    folder = Path(tempfile.mkdtemp())
    marker, place = folder / 'ran', folder / 'case'
    place.mkdir()
    worker = Worker()
    try:
        flips = 0
        for i, (kind, name, data) in enumerate(corpus(np.random.default_rng(args.seed), marker)):
            flips += kind.startswith('flipped')
            if flips and i >= args.cases and flips > args.cases // 5:
                break
            path = place / name
            with contextlib.suppress(FileNotFoundError):
                shutil.rmtree(place)
            place.mkdir()
            if callable(data):
                data(path)
            else:
                path.write_bytes(data)
            # a file in order that holds no network is nothing to load_arrays
            route = ROUTES[i % 3 if kind in BYTES or kind.startswith('flipped') else i // 2 % 2]
            outcome, seconds, megabytes = worker.ask(str(path), route)
            if marker.exists():
                outcome = 'code ran'
                marker.unlink()
            if seconds > SECONDS:
                outcome = f'{seconds:.1f} s'
            if megabytes > MEGABYTES:
                outcome = f'{megabytes:.0f} MB'
            good = outcome in ('error', 'network', 'read') and not (
                kind == 'good' and outcome == 'error'
            )
            outcomes[kind][outcome if good else 'FAILED'] += 1
            if not good:
                failures.append((kind, name, route, outcome))
                print(f'FAILED {kind}: {name!r} by {route}: {outcome}', flush=True)
            slowest, largest = max(slowest, (seconds, f'{kind}: {name[:60]!r} by {route}')), max(
                largest, (megabytes, f'{kind}: {name[:60]!r} by {route}')
            )
        for name, wrong in by_command(folder, marker).items():
            outcomes['rate_train in a process'][('FAILED' if wrong else 'error')] += 1
            if wrong:
                failures.append(name)
                print(f'FAILED rate_train: {name}: {wrong}')
    finally:
        worker.process.kill()
        shutil.rmtree(folder)
    for kind, counts in outcomes.items():
        print(
            f'{kind:<26}{sum(counts.values()):>5}   '
            + ', '.join(f'{n} {o}' for o, n in sorted(counts.items()))
        )
    print(
        f'slowest  {slowest[0]:.2f} s, {slowest[1]}\n'
        f'largest  {largest[0]:.0f} MB above the start, {largest[1]}'
    )
    total = sum(sum(c.values()) for c in outcomes.values())
    print(f'{total - len(failures)} passed, {len(failures)} failed')
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
