#:property PublishAot=false
// Says how far the weights of two safetensors files are from each other: dotnet run compare.cs A B TOLERANCE. Exit code 1 where a tensor differs by more.
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

var (one, other) = (Read(args[0]), Read(args[1]));
var tolerance = double.Parse(args[2], CultureInfo.InvariantCulture);
if (!one.Keys.Order().SequenceEqual(other.Keys.Order()) || one.Count == 0)
    throw new InvalidDataException("The files have other tensors.");
var (worst, where) = one.Select(entry => (entry.Value.Zip(other[entry.Key], (a, b) => (double)Math.Abs(a - b)).Max() / Math.Max(1, entry.Value.Max(Math.Abs)), entry.Key)).Max();
Console.WriteLine(FormattableString.Invariant($"{one.Count} tensors; the largest difference is {worst:E2}, in {where}"));
return worst <= tolerance ? 0 : 1;

static Dictionary<string, float[]> Read(string path)
{
    var bytes = File.ReadAllBytes(path);
    var start = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
    using var header = JsonDocument.Parse(bytes.AsMemory(8, start - 8));
    return header.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__").ToDictionary(entry => entry.Name, entry =>
    {
        var range = entry.Value.GetProperty("data_offsets");
        return MemoryMarshal.Cast<byte, float>(bytes.AsSpan(start)[range[0].GetInt32()..range[1].GetInt32()]).ToArray();
    });
}
