namespace DeconvNet.Weights.Formats;

/// <summary>The globals that a pickle may use, and what they construct. Everything else is rejected by name.</summary>
internal sealed partial class PickleReader
{
    private static readonly PickledGlobal OrderedDict = new("collections", "OrderedDict");
    private static readonly PickledGlobal RebuildTensor = new("torch._utils", "_rebuild_tensor_v2");
    private static readonly PickledGlobal RebuildParameter = new("torch._utils", "_rebuild_parameter");

    private static readonly PickledGlobal RebuildTypedTensor = new("torch._utils", "_rebuild_tensor_v3");
    private static readonly PickledGlobal UntypedStorage = new("torch.storage", "UntypedStorage");

    // Value types that are listed but not read, with their sizes in bytes.
    private static readonly Dictionary<PickledGlobal, int> OtherStorages = new()
    {
        [new("torch", "ComplexFloatStorage")] = 8,
        [new("torch", "ComplexDoubleStorage")] = 16,
        [new("torch", "QInt8Storage")] = 1,
        [new("torch", "QUInt8Storage")] = 1,
        [new("torch", "QInt32Storage")] = 4,
        [UntypedStorage] = 1,
    };

    // The tensor types that PyTorch stores beside an untyped storage.
    private static readonly Dictionary<PickledGlobal, (WeightType Type, int Size)> TensorTypes = new()
    {
        [new("torch", "float8_e4m3fn")] = (WeightType.F8E4M3, 1),
        [new("torch", "float8_e5m2")] = (WeightType.F8E5M2, 1),
        [new("torch", "uint16")] = (WeightType.U16, 2),
        [new("torch", "uint32")] = (WeightType.U32, 4),
        [new("torch", "uint64")] = (WeightType.U64, 8),
        [new("torch", "complex32")] = (WeightType.Other, 4),
        [new("torch", "float8_e8m0fnu")] = (WeightType.Other, 1),
        [new("torch", "float8_e4m3fnuz")] = (WeightType.Other, 1),
        [new("torch", "float8_e5m2fnuz")] = (WeightType.Other, 1),
    };

    private static readonly Dictionary<PickledGlobal, WeightType> StorageTypes = new()
    {
        [new("torch", "DoubleStorage")] = WeightType.F64,
        [new("torch", "FloatStorage")] = WeightType.F32,
        [new("torch", "HalfStorage")] = WeightType.F16,
        [new("torch", "BFloat16Storage")] = WeightType.BF16,
        [new("torch", "LongStorage")] = WeightType.I64,
        [new("torch", "IntStorage")] = WeightType.I32,
        [new("torch", "ShortStorage")] = WeightType.I16,
        [new("torch", "CharStorage")] = WeightType.I8,
        [new("torch", "ByteStorage")] = WeightType.U8,
        [new("torch", "BoolStorage")] = WeightType.Bool,
    };

    private bool Call(byte code)
    {
        switch (code)
        {
            case (byte)'c':
                return Push(Allow(new(ReadLine(), ReadLine())));
            case 0x93:
                return PopMany(2) is [string module, string name] ? Push(Allow(new(module, name))) : throw Fault("a name to import is not text");
            case (byte)'R':
                var (arguments, function) = (Pop(), Pop());
                return Push(Make(function as PickledGlobal, arguments as object?[]));
            case (byte)'b':
                // PyTorch attaches the versions of its modules to the dictionary; they are not needed.
                if (Pop() is not PickledDict || Peek(0) is not PickledDict)
                    throw Fault("something other than a dictionary is given a state");
                return true;
            case (byte)'Q':
                return Push(Storage(Pop() as object?[]));
            default:
                return false;
        }
    }

    private PickledGlobal Allow(PickledGlobal name)
    {
        if (name == OrderedDict || name == RebuildTensor || name == RebuildTypedTensor || name == RebuildParameter
            || StorageTypes.ContainsKey(name) || OtherStorages.ContainsKey(name) || TensorTypes.ContainsKey(name))
            return name;
        throw Fault($"it asks for '{name}', which Python would import and run. Only tensors, dictionaries, lists, tuples, numbers and strings are read. {Advice}");
    }

    private object Make(PickledGlobal? function, object?[]? arguments)
    {
        if (function == OrderedDict)
        {
            return arguments switch
            {
                [] => new PickledDict(),
                [PickledList list] => FromPairs(list),
                _ => throw Fault("an OrderedDict is made of something other than pairs"),
            };
        }

        if (function == RebuildTensor)
        {
            return arguments is [PickledStorage storage, long offset, object?[] shape, object?[] strides, bool, ..] && arguments.Length is 6 or 7
                ? new PickledTensor(storage, offset, new StridedLayout(Numbers(shape), Numbers(strides)))
                : throw Fault("a tensor is made of something other than storage, offset, size and stride");
        }

        if (function == RebuildTypedTensor)
        {
            return arguments is [PickledStorage bytes, long first, object?[] sides, object?[] steps, bool, _, PickledGlobal type, ..]
                && arguments.Length is 7 or 8 && TensorTypes.TryGetValue(type, out var dtype) && bytes.Size == 1
                ? new PickledTensor(bytes with { Type = dtype.Type, TypeName = dtype.Type == WeightType.Other ? type.Name : null, Size = dtype.Size, Count = bytes.Count / dtype.Size }, first, new StridedLayout(Numbers(sides), Numbers(steps)))
                : throw Fault("a tensor is made of something other than storage, offset, size, stride and type");
        }

        if (function == RebuildParameter)
            return arguments is [PickledTensor tensor, bool, _] ? tensor : throw Fault("a parameter is made of something other than a tensor");
        throw Fault(function is null ? "something is called that is not a name" : $"'{function}' is called");
    }

    private PickledDict FromPairs(PickledList list)
    {
        // The same list may be copied many times.
        if ((copied += list.Items.Count) > MaxSteps)
            throw Fault($"its dictionaries are made of more than {MaxSteps} pairs");
        var dict = new PickledDict();
        foreach (var item in list.Items)
        {
            var pair = item is PickledList inner ? [.. inner.Items] : item as object?[];
            if (pair is not [var key, var value])
                throw Fault("an OrderedDict is made of something other than pairs");
            dict.Add(key, value);
        }

        return dict;
    }

    private PickledStorage Storage(object?[]? id)
    {
        // In the format before PyTorch 1.6, a sixth element is a view into another storage; only very old versions wrote one.
        if (id is [.. var five, null] && five.Length == 5)
            id = five;
        if (id is not ["storage", PickledGlobal type, string key, string, long count] || count < 0)
            throw Fault("a storage is named by something other than type, key, place and length");
        var storage = StorageTypes.TryGetValue(type, out var known) ? new PickledStorage(known, null, known.Size(), key, count)
            : OtherStorages.TryGetValue(type, out var size) ? new PickledStorage(WeightType.Other, type.Name, size, key, count)
            : throw Fault($"'{type}' is not a storage");
        onStorage?.Invoke(storage);
        return storage;
    }

    private long[] Numbers(object?[] values) => values.Length <= 16 && values.All(value => value is long)
        ? [.. values.Cast<long>()]
        : throw Fault("a size or stride is not a row of at most 16 whole numbers");
}
