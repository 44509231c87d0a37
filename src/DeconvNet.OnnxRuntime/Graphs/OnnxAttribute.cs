using DeconvNet.Weights.Formats;

namespace DeconvNet.OnnxRuntime.Graphs;

/// <summary>An attribute of a node, as an <c>AttributeProto</c> message.</summary>
internal readonly record struct OnnxAttribute(ProtobufMessage Message)
{
    private const int Name = 1, Number = 3, Numbers = 8, Type = 20;
    private const int IsNumber = 2, IsNumbers = 7;

    public static OnnxAttribute Of(string name, long value) =>
        new(new ProtobufMessage().Add(Name, name).Add(Number, value).Add(Type, IsNumber));

    public static OnnxAttribute Of(string name, params IEnumerable<long> values)
    {
        var message = new ProtobufMessage().Add(Name, name);
        foreach (var value in values)
            message.Add(Numbers, value);
        return new(message.Add(Type, IsNumbers));
    }
}
