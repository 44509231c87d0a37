namespace DeconvNet.OnnxRuntime.Graphs;

/// <summary>Element types of tensors, with their numbers in ONNX.</summary>
internal enum ElementType
{
    Float32 = 1,
    UInt8 = 2,
    Int8 = 3,
    Int32 = 6,
    Int64 = 7,
}
