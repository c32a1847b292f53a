"""Damaged and hostile network files, for fuzz.py.

Each is (kind, name, what): `what` is its bytes, or a function that makes something at a path."""
import codecs
import collections
import io
import itertools
import os
import pickle
import runpy
import struct
import subprocess
import tarfile
import tempfile
import zipfile
import zlib
from pathlib import Path

import numpy as np
import torch
from common import NBS
from scipy.io import savemat
from scipy.sparse import csc_matrix

from rate.model import FR_RNN_dale

LAB = NBS / 'files' / 'go_nogo_N200.mat'
# The arrays of a .mat file that are tensors in a .pth file, and their names there.
TENSORS = {'m': 'mask', 'som_m': 'som_mask'} | {
    k: k for k in ('w', 'w_in', 'w_out', 'b_out', 'taus_gaus', 'severed', 'unit_gain')}


def small_network():
    net = FR_RNN_dale(17, 0.4, 0.6, np.ones((17, 1)), som_N=2, seed=1)
    net.taus = [4, 20]
    return net


def each(kind, files):
    "The files of a table, name -> bytes."
    return [(kind, name, data) for name, data in files.items()]


def grid(kind, make, *axes):
    """A file for each combination of the axes' values. An axis is a table of values by name, or a
    list of values that are their own names."""
    named = [axis.items() if isinstance(axis, dict) else [(label(v), v) for v in axis]
             for axis in axes]
    for chosen in itertools.product(*named):
        names, values = zip(*chosen)
        yield kind, '_'.join(names), make(*values)


def label(value):
    "A name for a file: what the value starts with, and its length."
    if isinstance(value, bytes): value = f'{value[:8].hex()}x{len(value)}'
    if isinstance(value, tuple) and len(value) > 3: value = f'{value[:1]}x{len(value)}'
    return f'{value}'


def patched(data, at, new): return data[:at] + new + data[at + len(new):]


def flipped(data, rng, n=None):
    data = bytearray(data)
    for i in rng.integers(len(data), size=n or rng.integers(1, 6)):
        data[i] ^= int(rng.integers(1, 256))
    return bytes(data)


# --- what is written by libraries

def mat(arrays, compress=True, **kw):
    f = io.BytesIO()
    savemat(f, arrays, do_compression=compress, oned_as='row', **kw)
    return f.getvalue()


def saved(held, **kw):
    f = io.BytesIO()
    torch.save(held, f, **kw)
    return f.getvalue()


def legacy(held): return saved(held, _use_new_zipfile_serialization=False)


def zipped(members, method=zipfile.ZIP_STORED):
    f = io.BytesIO()
    with zipfile.ZipFile(f, 'w', method) as z:
        for name, data in members.items(): z.writestr(name, data)
    return f.getvalue()


def unzipped(data):
    with zipfile.ZipFile(io.BytesIO(data)) as z: return {n: z.read(n) for n in z.namelist()}


def with_pickle(members, change):
    "The zip file with its pickle changed."
    return zipped({n: change(b) if n.endswith('data.pkl') else b for n, b in members.items()})


def checkpoint(arrays):
    "Arrays of a .mat file as a checkpoint."
    def plain(v): return np.asarray(v).item() if np.size(v) == 1 else np.asarray(v).tolist()
    def tensor(v): return str(v) if np.asarray(v).dtype.kind == 'U' else torch.as_tensor(v)
    config = {k: plain(v) for k, v in arrays.items() if k not in (*TENSORS, 'exc', 'inh')}
    return {'config': config,
            'state_dict': {TENSORS[k]: tensor(v) for k, v in arrays.items() if k in TENSORS}}


class Call:
    "Is pickled as a call, which runs when the pickle is read."
    def __init__(self, *reduce): self.reduce = reduce
    def __reduce__(self): return self.reduce


# --- MATLAB 5 files by hand

def u32(*numbers): return struct.pack(f'<{len(numbers)}I', *numbers)
def i32(*numbers): return struct.pack(f'<{len(numbers)}i', *numbers)


def part(kind, data, size=None):
    "An element; `size` is what its tag claims."
    return u32(kind, len(data) if size is None else size) + data + bytes(-len(data) % 8)


def variable(name, kind, shape, *parts):
    "A variable of class `kind`: a cell (1), a struct (2), text (4), a sparse (5), doubles (6) ..."
    return part(14, part(6, u32(kind, 0)) + part(5, i32(*shape)) + part(1, name.encode())
                + b''.join(parts))


def numbers(name, kind, shape, data, data_type=9, size=None):
    "A variable with one block of numbers."
    return variable(name, kind, shape, part(data_type, data, size))


def packed(body): return u32(15, len(z := zlib.compress(body))) + z


def zeros(megabytes, start=b''):
    "A compressed variable of so many zeros after `start`, made without holding them."
    z = zlib.compressobj(9)
    body = z.compress(start)
    body += b''.join([z.compress(bytes(2**20)) for _ in range(megabytes)])
    body += z.flush()
    return u32(15, len(body)) + body


def elements(data):
    "Header and uncompressed variables of a file."
    bodies, at = [], 128
    while at < len(data):
        kind, n = struct.unpack_from('<2I', data, at)
        body = data[at + 8:at + 8 + n]
        bodies.append(zlib.decompress(body) if kind == 15 else data[at:at + 8] + body)
        at += 8 + n
    return data[:128], bodies


# --- networks that are none, as both kinds of file

VALUES = dict(
    nan=lambda v: v * np.nan, inf=lambda v: v + np.inf, negative=lambda v: -v - 1,
    fraction=lambda v: v + 0.5, huge=lambda v: v + 1e200, double=lambda v: v + 1e308,
    cube=lambda v: v[None], flat=np.ravel, empty=lambda v: v[:0],
    empty_columns=lambda v: v[:, :0], wide=lambda v: np.hstack([v, v]),
    tall=lambda v: np.vstack([v, v]), transposed=np.transpose, text=lambda v: 'text',
    letters=lambda v: np.array(['ab', 'cd']), long_text=lambda v: 'x' * 10**6,
    lines=lambda v: 'a\nb\x1b[31m')
TAUS = ((), (0,), (-4, 20), (20, 4), (4, 4), (1, 2, 3), (1e-30,), (1e30,), (0.5, 3), (4, 1e38))
ACTIVATIONS = 'tanh', '', ' ', 'Sigmoid', 'sigmoid ', '__class__'


def changes(good):
    "(kind, name, arrays)"
    N, rng, keys = len(good['w']), np.random.default_rng(0), tuple(good)
    floats = {k: np.zeros((1, 1)) if isinstance(v, str) else np.atleast_2d(v).astype(float)
              for k, v in good.items()}
    sizes = 0, -1, -N, N - 1, N + 1, N + 0.5, 10**9, 2**31, 2**63, 1e30, 1e300
    yield from grid('missing key', lambda k: {a: v for a, v in good.items() if a != k}, keys)
    for name, change in VALUES.items():
        yield from grid(f'value: {name}', lambda k: good | {k: change(floats[k])}, keys)
    yield from grid('complex', lambda k: good | {k: floats[k] + 1j}, keys)
    yield from grid('other dtype', lambda k, dtype: good | {k: np.abs(floats[k]).astype(dtype)},
                    keys, ('int8', 'uint64', 'float32', 'bool'))
    yield from grid('N', lambda n: good | {'N': float(n)}, sizes)
    yield from grid('taus', lambda taus: good | {'taus': np.array([taus], dtype=float)}, TAUS)
    yield from grid('activation', lambda name: good | {'activation': name}, ACTIVATIONS)
    yield 'random', 'all', {k: rng.standard_normal(np.shape(v)) if np.ndim(v) else 1
                            for k, v in good.items()}


# --- .mat files

def mats(good, header, w_body):
    "Hand-made .mat files. `w_body` is the variable w."
    N, floats = len(good['w']), good['w'].tobytes()
    rest = b''.join(elements(mat({k: v for k, v in good.items() if k != 'w'}))[1])
    one, square = numbers('', 6, (1, 1), bytes(8)), numbers('', 6, (N, N), floats)
    opaque = part(6, u32(17, 0)) + part(1, b'w') + part(1, b'MCOS') + part(1, b'table') + bytes(32)
    cell = np.array([[1, 'a']], dtype=object)
    objects = dict(cell=cell, struct={'a': good['w']}, sparse=csc_matrix(good['w']),
                   cells_of_cells=np.array([[cell]], dtype=object))
    def file(body): return header + body + rest
    def compressed(body): return file(packed(body))

    yield from declared(header, w_body, compressed, N, floats)
    yield from grid('class', lambda kind: file(numbers('w', kind, (N, N), floats)), range(20))
    yield from grid('data type', lambda kind: file(numbers('w', 6, (N, N), floats, kind)),
                    range(20))
    yield from grid('object', file, {
        'opaque': part(14, opaque, 88),
        'function': numbers('w', 16, (1, 1), numbers('', 2, (1, 1), b'')),
        'workspace': numbers('', 9, (1, 8), bytes(8), 2),
        'nested_cells_2000': packed(nested(2000, 48, one)),
        'nested_cells_200000': packed(nested(200_000, 40, one))})
    yield from containers(compressed, one, square, N)
    many = variable('net', 2, (1, 1), part(5, i32(1)))[:72] + part(1, b'', 50 << 20)
    yield 'struct', 'many_fields', header + zeros(60, many)
    yield from grid('struct', mat, dict(
        twice={'a': good, 'b': good}, beside={'net': good, 'N': 3, 'w': 1},
        array={'net': np.array([[good, good]], dtype=object)}, in_struct={'net': {'net': good}}))
    yield from grid('object', lambda value, k: mat(good | {k: value}), objects,
                    ('w', 'N', 'activation', 'extra'))
    yield from bombs(good, header, w_body, file)
    yield from grid('duplicate keys', file, {
        'w': w_body + numbers('w', 6, (1, 1), bytes(8)), 'w_twice': w_body * 2})
    yield from grid('name', lambda name: file(numbers(name, 6, (N, N), floats)), {
        'none': '', 'header': '__header__', 'zero': 'w\0w', 'long': 'w' * 100, 'folder': '../w',
        'line': 'w\n'})
    yield 'kind of file', 'level_4', mat(good, compress=False, format='4')
    yield from grid('kind of file', lambda start: start + b'w\0' + bytes(300), {
        'level_4_huge': u32(0, 2**31 - 1, 2**31 - 1, 0, 2),
        'level_4_large': u32(0, 2**16, 2**15, 0, 2),
        'level_4_negative': i32(0, -1, -1, 0, -(2**31))})
    hdf5 = b'MATLAB 7.3 MAT-file, Platform: GLNXA64'.ljust(124) + b'\0\2IM'
    yield from grid('kind of file', lambda start: start + b'\x89HDF\r\n\x1a\n' + bytes(2000), {
        'hdf5_0': b'', 'hdf5_512': hdf5.ljust(512, b'\0')})
    yield from grid(
        'header', lambda order, version: patched(header, 124, version + order) + w_body + rest,
        (b'MI', b'IM', b'XX', b'\0\0'), (b'\0\1', b'\1\0', b'\0\2', b'\2\0', b'\xff\xff'))


def declared(header, w_body, compressed, N, floats):
    "Sizes and shapes that are not those of the data."
    claims = {
        'tag': lambda n: header + patched(w_body, 4, u32(n)),
        'packed_tag': lambda n: header + patched(packed(w_body), 4, u32(n)),
        'inner_tag': lambda n: header + packed(patched(w_body, 4, u32(n)))}
    sizes = 0, 1, 7, 2**20, 2**30, 2**31, 2**32 - 8, 2**32 - 1
    shapes = ((2**30, 2**30), (2**31 - 1, 1), (-1, N), (-N, -N), (0, 2**31 - 1),
              (2**31 - 1,) * 32, (1,) * 100, (), (N,), (1, N * N), (N, N, 1))
    yield from grid('declared size', lambda claim, n: claim(n), claims, sizes)
    yield from grid('declared size', lambda at, n: header + patched(w_body, at, u32(n)),
                    (12, 28, 44, 52), sizes)
    yield from grid('declared size',
                    lambda kind, n: compressed(numbers('w', kind, (N, N), floats, size=n)),
                    (4, 6, 9, 13), sizes)
    yield from grid('declared shape',
                    lambda shape, kind: compressed(numbers('w', kind, shape, floats)),
                    shapes, (1, 2, 3, 4, 5, 6, 9, 13, 16, 17))


def nested(count, step, core):
    "So many cells in one another, each with a tag that claims `step` bytes more than the next."
    return b''.join([u32(14, 40 + step * i + len(core), 6, 8, 1, 0, 5, 8, 1, 1, 1, 0)
                     for i in reversed(range(count))]) + core


def containers(compressed, one, square, N):
    "Cells, structs and sparse matrices that are none."
    contents = dict(
        nothing=b'', empty=part(14, b''), number=one, numbers=square,
        text=numbers('', 4, (1, 7), b'sigmoid', 1), cell=variable('', 1, (1, 1), one),
        struct=variable('', 2, (1, 1), part(5, i32(2)), part(1, b'a\0'), one),
        huge=numbers('', 6, (2**20, 2**20), b''), huge_text=numbers('', 4, (2**20, 2**20), b'', 1),
        huge_sparse=variable('', 5, (2**30, 2**30), part(5, b''), part(5, b''), part(9, b'')),
        two=square * 2, no_variable=part(9, bytes(8)))
    rows, starts = range(N), list(range(N + 1))
    matrices = dict(
        good=(rows, starts, N), outside=([N] * N, starts, N), negative=([-1] * N, starts, N),
        few_rows=(range(2), starts, N), few_values=(rows, starts, 2), no_values=(rows, starts, 0),
        falling=(rows, starts[::-1], N), late=(rows, [5] + starts[1:], N),
        short=(rows, starts[:-3], N), long=(rows, starts + [N], N), none=([], [], 0),
        huge=(rows, starts[:-1] + [2**31 - 1], N))
    def cell(inner, key='w'): return compressed(variable(key, 1, (1, 1), inner))

    def struct(inner, length, names):
        fields = part(5, i32(length)), part(1, names), inner
        return compressed(variable('net', 2, (1, 1), *fields))

    def sparse(matrix, shape):
        rows, columns, n = matrix
        parts = part(5, i32(*rows)), part(5, i32(*columns)), part(9, bytes(8 * n))
        return compressed(variable('w', 5, shape, *parts))
    yield from grid('cell', lambda shape, kind: compressed(variable('w', kind, shape, square)),
                    ((1, 1), (0, 1), (2, 1), (2**30, 2**30), (-1, -1), (1,) * 30, (1,) * 3000),
                    (1, 2, 3, 5))
    yield from grid('cell', cell, contents, ('w', 'activation', 'extra'))
    yield from grid('cell', lambda inner, n: cell(patched(inner, 4, u32(n))), contents,
                    (0, 8, 2**31, 2**32 - 1))
    yield from grid('struct', struct, contents, (0, 1, 2, -1, 2**31 - 1),
                    (b'', b'w\0', b'w\0N\0', b'\0' * 5000, b'w' * 5000))
    yield from grid('sparse', sparse, matrices,
                    ((N, N), (2**14, 2**14), (2**31 - 1, N), (N, 2**31 - 1), (0, N), (N, 0)))


def bombs(good, header, w_body, file):
    "Small files that are large in memory."
    def array(mb, shape): return zeros(mb, numbers('w', 6, shape, b'', size=mb << 20))
    sizes = 1, 100, 255, 257, 400, 1000
    yield from grid('bomb', lambda mb: header + zeros(mb, u32(14, 2**31)), sizes)
    yield from grid('bomb', lambda mb: file(array(mb, (mb << 8, 512))), sizes)
    n = 2300
    squares = dict(w=np.zeros((n, n), 'uint8'), som_m=np.zeros((n, n), 'uint8'),
                   m=np.eye(n, dtype='uint8'))
    columns = dict(exc=np.ones((n, 1)), inh=np.zeros((n, 1)), taus_gaus=np.zeros((n, 1)),
                   w_in=np.ones((n, 2)), w_out=np.ones((1, n)), som_N=0)
    valid = good | {'N': n} | squares | columns
    yield from each('bomb', {
        'many': header + array(50, (100, 65536)) * 40,
        'packed_twice': header + packed(packed(packed(w_body))),
        'variables': header + numbers('a', 6, (1, 1), bytes(8)) * 15_000,
        'valid_network': mat(valid),
        'valid_network_of_doubles': mat(valid | {k: v.astype(float) for k, v in squares.items()})})


# --- .pth files

def checkpoints(good, marker):
    "Hand-made .pth files; code in them would make the file `marker`."
    held = checkpoint(good)
    tensors, config = held['state_dict'], held['config']
    N, parts = len(good['w']), unzipped(saved(held))
    laughs, deep = [1.0] * 10, []
    for _ in range(40): laughs = [laughs] * 10
    for _ in range(400): deep = [deep]
    def with_tensor(k, v): return saved(held | {'state_dict': tensors | {k: v}})
    def with_config(k, v): return saved(held | {'config': config | {k: v}})

    yield from odd_tensors(N, with_tensor)
    yield from grid('kind of value', with_tensor, (*tensors, 'severed'), dict(
        none=None, text='text', bytes=b'1', list=[1.0], nested=[[1.0] * N] * N, dict={}, set={1},
        true=True, number=10**400))
    odd = dict(none=None, laughs=laughs, deep=deep, numbers=[1.0] * 10**5, dict={'a': 1},
               text='x' * 10**6, big=10**300, tensor=torch.eye(3), nan=float('nan'),
               escape='\x1b[2J\n\nx')
    yield from grid('kind of value', with_tensor, ('w',), odd)
    yield from grid('kind of value', with_config, tuple(config), odd)
    yield from kinds_of_checkpoint(held)
    yield from each('declared size', claims(parts, N))
    yield from odd_arrays({'model_state_dict': tensors, 'settings': {'taus': [4, 20]}})
    yield from zips(saved(held), parts)
    yield from code(held, parts, marker)
    script, tar = io.BytesIO(), io.BytesIO()
    torch.jit.save(torch.jit.trace(torch.nn.Linear(2, 2), torch.ones(1, 2)), script)
    with tarfile.open(fileobj=tar, mode='w') as t:
        for name in ('storages', 'tensors', 'pickle', '../outside'):
            t.addfile(tarfile.TarInfo(name))
    yield from each('legacy', {'plain': legacy(held), 'torchscript': script.getvalue(),
                               'tar': tar.getvalue()})


def odd_tensors(N, with_tensor):
    one, eye, keys = torch.zeros(1), torch.eye(N), ('w', 'mask', 'w_in', 'severed')
    squares = [(n, n) for n in (N, 3000, 10**4, 10**6, 10**9, 2**31)]
    others = (2**62,), (2**31, 1), (1,) * 60, (0, 2**40)
    yield from grid('strides',
                    lambda k, shape: with_tensor(k, one.as_strided(shape, (0,) * len(shape))),
                    keys, (*squares, *others))
    yield from grid('other dtype', lambda k, dtype: with_tensor(k, eye.to(dtype)), keys,
                    (torch.float16, torch.bfloat16, torch.complex64, torch.int8, torch.int64,
                     torch.bool, torch.uint8, torch.float8_e4m3fn))
    yield from grid('kind of tensor', with_tensor, keys, dict(
        sparse=eye.to_sparse(), csr=eye.to_sparse_csr(), meta=torch.empty(N, N, device='meta'),
        huge_meta=torch.empty(10**6, 10**6, device='meta'),
        quantised=torch.quantize_per_tensor(eye, 0.1, 0, torch.quint8),
        conj=torch.eye(N, dtype=torch.complex64).conj(), grad=torch.nn.Parameter(eye)))


def kinds_of_checkpoint(held):
    tensors, Ordered, one = held['state_dict'], collections.OrderedDict, torch.zeros(1)
    places = dict(all=lambda v: v, state=lambda v: held | {'state_dict': v},
                  config=lambda v: held | {'config': v})
    methods = dict.fromkeys(('items', 'keys', 'values', 'get', 'state_dict'), 5)
    replaced = Call(Ordered, (), methods, None, iter(tensors.items()))
    yield from grid('kind of checkpoint', lambda place, v: saved(place(v)), places, dict(
        list=[1], tensor=torch.eye(3), none=None, text='state', number=5, module=torch.Size([1])))
    yield from grid('kind of checkpoint', saved, dict(
        numbers_as_keys={1: 2, 'state_dict': {1: one, (1, 2): one}},
        methods_replaced=held | {'state_dict': replaced},
        methods_replaced_outside=Call(Ordered, (), {'items': 5}, None, iter(held.items()))))


def claims(parts, N):
    "Numbers in the pickle, such as sizes, replaced by others."
    pkl = next(b for n, b in parts.items() if n.endswith('data.pkl'))
    files = {}
    for n, was in ((N * N, b'M' + struct.pack('<H', N * N)), (1, b'K\1')):
        places = [i for i in range(len(pkl)) if pkl.startswith(was, i)][:12]
        for to, at in itertools.product((0, 1, 10**5, 2**31 - 1, -1, -(2**31)), places):
            new = pkl[:at] + b'J' + i32(to) + pkl[at + len(was):]
            files[f'{n}_{to}_{at}'] = with_pickle(parts, lambda b: new)
    return files


def odd_arrays(held):
    "Checkpoints with arrays of numpy's that are none."
    make, f8, tensors = np.ones(1).__reduce__()[0], np.dtype('f8'), held['model_state_dict']

    def array(shape=(2,), dtype=f8, data=bytes(16), args=(np.ndarray, (0,), b'b')):
        return Call(make, args, (1, shape, dtype, False, data))

    def dtype(name, order, *state): return Call(np.dtype, (name, False, True), (3, order, *state))
    def encoded(text, codec): return Call(codecs.encode, (text, codec))
    nothing = None, None, None, -1, -1
    fields = (f8, (9,)), ('a',), {'a': (np.dtype('O'), 0)}, 8, 8, 63
    values = dict(
        good=array(), short=array(data=bytes(8)), shape=array((2**62,)), negative=array((-1,)),
        zeros=array((0, 2**62), data=b''), deep=array((1,) * 100, data=bytes(8)),
        objects=array(dtype=np.dtype('O'), data=[1, 2]), void=array(dtype=np.dtype('V8')),
        text=array(dtype=np.dtype('U2')), flags=array(dtype=dtype('f8', '<', *nothing, 63)),
        fields=array(dtype=dtype('f8', '<', *fields)),
        order=array(dtype=dtype('f8', 'O', *nothing, 0)),
        order_number=array(dtype=dtype('f8', 5, *nothing, 0)),
        name=array(dtype=dtype('O8', '|', *nothing, 63)),
        no_state=Call(make, (np.ndarray, (0,), b'b')),
        other_class=array(args=(np.matrix, (0,), b'b')),
        size=array(args=(np.ndarray, (2**40,), b'b')),
        data_text=array(data='text'), data_none=array(data=None),
        punycode=encoded('\u0436' * 10**6, 'punycode'), idna=encoded('\u0436' * 10**6, 'idna'),
        wide=encoded('\u0436', 'latin1'), bomb=[encoded('x' * 10**5, 'latin1')] * 1000)
    yield from grid('numpy', lambda v, k: saved(held | {k: v}), values,
                    ('losses', 'settings', 'model_state_dict', 'final_loss'))
    yield from grid('numpy', lambda v, k: saved(held | {'model_state_dict': tensors | {k: v}}),
                    values, ('w', 'mask', 'severed'))


def zips(data, parts):
    large, first = bytes(600 << 20), data.index(b'PK\1\2')
    entries = [i for i in range(len(data)) if data.startswith(b'PK\1\2', i)]
    def deflated(members): return zipped(members, zipfile.ZIP_DEFLATED)

    def entry(at, field, byte):
        size = 4 if field in (20, 24, 42) else 2
        value = dict(zero=0, eight=8, most=2 ** (8 * size) - 1, top=2 ** (8 * size - 1))[byte]
        return patched(data, at + field, value.to_bytes(size, 'little'))
    yield from each('zip', {
        'compressed': deflated(parts), 'bomb': deflated(parts | {'archive/data/0': large}),
        'bomb_beside': deflated(parts | {'archive/x': large}), 'before': b'x' * 100 + data,
        'after': data + b'x' * 100, 'twice': data * 2, 'empty': zipped({})})
    names = {n.replace('/', '_'): n for n in parts}
    yield from grid('zip', lambda gone: zipped({n: b for n, b in parts.items() if n != gone}),
                    names)
    yield from grid('zip', lambda empty: zipped(parts | {empty: b''}), names)
    values = 'zero', 'eight', 'most', 'top'
    yield from grid('zip', entry, entries, (20, 24), values)
    yield from grid('zip', entry, (first,), (10, 28, 30, 42), values)


def code(held, parts, marker):
    "Calls and odd pickles."
    command = f'open({str(marker)!r}, "w")'
    calls = dict(
        exec=(exec, (command,)), eval=(eval, (command,)), system=(os.system, (f'touch {marker}',)),
        popen=(subprocess.Popen, (['touch', str(marker)],)), open=(open, (str(marker), 'w')),
        memory=(bytearray, (3 * 10**9,)), memory_small=(bytearray, (6 * 10**8,)),
        storage=(torch.FloatStorage, (10**9,)), storage_huge=(torch.FloatStorage, (10**12,)),
        numpy=(np.zeros, (10**9,)), tensor=(torch.Tensor, (10**9,)),
        counter=(collections.Counter, ('abc',)), run_path=(runpy.run_path, (str(marker),)))
    places = dict(outside=lambda v: v, inside=lambda v: held | {'more': v},
                  key=lambda v: held | {'config': {'N': v}})
    forms = dict(zip=saved, legacy=legacy, pickle=pickle.dumps)
    yield from grid('code', lambda call, place, form: form(place(Call(*call))), calls, places,
                    forms)
    two = b'\x80\x02'       # a pickle of protocol 2
    yield from grid('code', lambda text: with_pickle(parts, lambda b: text), dict(
        system=b"cos\nsystem\n(S'touch " + bytes(marker) + b"'\ntR.",
        exec=two + b'cbuiltins\nexec\nX' + u32(len(command)) + command.encode() + b'\x85R.',
        framed=b'\x80\x04\x95\0\0\0\0\0\0\0\x80\x8c\x02os\x8c\x06system\x93.',
        marks=b'(' * 10**5, lists=two + b']' * 10**5 + b'.',
        memo=two + b']' + b'q\0h\0a' * 10**5 + b'.', text=two + b'X\xff\xff\xff\xffa.',
        number=two + b'\x8a\xff' + b'\xff' * 255 + b'.', stop=b'.', nothing=two + b'.',
        unhashable=two + b'}(K\1.', depth=two + b']' * 10**5 + b'a' * (10**5 - 1) + b'.'))


# --- no files

def folder(*names):
    def make(path):
        path.mkdir()
        for n in names: (path / n).write_bytes(b'x')
    return make


def inside(make):
    def nest(path):
        path.mkdir()
        make(path / f'a{path.suffix}')
    return nest


def link(to): return lambda path: path.symlink_to(to(path))


def twenty_gigabytes(path):
    path.touch()
    os.truncate(path, 20 * 2**30)


SPECIAL = dict(
    loop=link(lambda path: path), fifo=os.mkfifo, zero=link(lambda path: '/dev/zero'),
    full=link(lambda path: '/dev/full'), memory=link(lambda path: '/proc/self/mem'),
    dangling=link(lambda path: path.parent / 'nowhere'), sparse_file=twenty_gigabytes)


def odd_paths():
    "Things that are no files, or other files."
    def nothing(path): pass
    def parent(path): path.parent.write_bytes(b'x')
    contents = dict(
        empty=b'', one=b'x', text=b'w = 1\n' * 100, zeros=bytes(5000),
        png=(NBS / 'social-card.png').read_bytes()[:20_000], pickle=b'\x80\x04N.',
        gzip=b'\x1f\x8b\x08' + bytes(60))
    for end in ('.mat', '.pth', '.pt', '.txt', '', '.MAT', '.mat.gz'):
        yield 'odd path', f'absent{end}', nothing
        yield from each('wrong kind', {f'{name}{end}': data for name, data in contents.items()})
        yield from each('odd path', {
            f'folder{end}': folder(), f'folder_of_two_mat{end}': folder('a.mat', 'b.mat'),
            f'folder_of_two_pth{end}': folder('a.pth', 'b.pth', 'c.mat'),
            f'folder_of_one{end}': folder('a.mat', 'b.txt')})
        for name, make in SPECIAL.items():
            yield 'odd path', f'{name}{end}', make
            yield 'odd path', f'folder_of_{name}{end}', inside(make)
        yield from each('odd path', {
            f'a\0b{end}': nothing, f'{"long" * 100}{end}': nothing,
            f'under_a_file{end}/b{end}': parent})


# --- all of them

def bases():
    "Files in order, by name, and the arrays of their network."
    net = small_network()
    with tempfile.TemporaryDirectory() as place:
        for end in ('mat', 'pth'): net.save(Path(place, f'net.{end}'))
        small, pth = (Path(place, f'net.{end}').read_bytes() for end in ('mat', 'pth'))
    good = net.arrays()
    cell = np.array([[None]], dtype=object)
    cell[0, 0] = 'softplus'
    nested = good | {'activation': cell, 'w': csc_matrix(good['w'])}
    lists = {'model_state_dict': net.state_dict(), 'settings': {'taus': [4, 20]},
             'losses': np.ones((3, 4)), 'final_loss': np.float64(1)}
    return {'lab.mat': LAB.read_bytes(), 'small.mat': small,
            'plain.mat': mat(good, compress=False), 'small.pth': pth,
            'nested.mat': mat(nested, compress=False),
            'struct.mat': mat({'net': nested}, compress=False), 'numpy.pth': saved(lists)}, good


def corpus(rng, marker):
    "All hand-made files, then flipped bytes without end."
    files, good = bases()
    header, bodies = elements(files['small.mat'])
    other = {'.mat': '.pth', '.pth': '.mat'}
    for name, data in files.items():
        path = Path(name)
        yield 'good', name, data
        for n in range(0, len(data), 512): yield 'truncated', f'{n}_{name}', data[:n]
        yield 'wrong suffix', f'{path.stem}{other[path.suffix]}', data
        yield 'wrong suffix', f'{name}.txt', data
    yield from odd_paths()
    for kind, name, arrays in changes(good):
        yield kind, f'{name}.mat', mat(arrays)
        yield kind, f'{name}.pth', saved(checkpoint(arrays))
    for kind, name, data in mats(good, header, bodies[-1]): yield kind, f'{name}.mat', data
    for kind, name, data in checkpoints(good, marker): yield kind, f'{name}.pth', data
    while True: yield from flips(rng, files, header, bodies)


def flips(rng, files, header, bodies):
    "One round of flipped bytes."
    def damaged(bodies, share, n=None):
        return header + b''.join([packed(flipped(b, rng, n) if rng.random() < share else b)
                                  for b in bodies])

    for name, data in files.items(): yield f'flipped {name}', name, flipped(data, rng)
    yield 'flipped inside .mat', 'inside.mat', damaged(bodies, 0.2)
    for name in ('nested.mat', 'struct.mat'):
        yield ('flipped cells and structs', 'inside.mat',
               damaged(elements(files[name])[1], 0.5, n=1))
    small, with_numpy = unzipped(files['small.pth']), unzipped(files['numpy.pth'])
    for members in (small, with_numpy):
        changed = with_pickle(members, lambda b: flipped(b, rng, 2))
        yield 'flipped inside .pth', 'inside.pth', changed
    tensors = {n: flipped(b, rng) if b and '/data/' in n and rng.random() < 0.5 else b
               for n, b in small.items()}
    yield 'flipped tensor', 'tensor.pth', zipped(tensors)
