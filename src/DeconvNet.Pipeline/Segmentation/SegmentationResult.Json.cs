using System.Text;
using System.Text.Json;
using DeconvNet.Imaging;

namespace DeconvNet.Segmentation;

public sealed partial class SegmentationResult
{
    /// <summary>
    /// A summary as JSON: <c>width</c>, <c>height</c>, <c>classes</c> (id, name, pixels, share), <c>proposals</c> (box and crop as
    /// [x0, y0, x1, y1], score or null for the whole photo) and <c>milliseconds</c> by stage. Labels and scores are not in it.
    /// </summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("width", Labels.Width);
            json.WriteNumber("height", Labels.Height);
            WriteClasses(json);
            WriteProposals(json);
            WriteTimings(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private void WriteClasses(Utf8JsonWriter json)
    {
        json.WriteStartArray("classes");
        foreach (var found in Classes)
        {
            json.WriteStartObject();
            json.WriteNumber("id", found.Id);
            json.WriteString("name", found.Name);
            json.WriteNumber("pixels", found.Pixels);
            json.WriteNumber("fraction", found.Fraction);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteProposals(Utf8JsonWriter json)
    {
        json.WriteStartArray("proposals");
        foreach (var proposal in Proposals)
        {
            json.WriteStartObject();
            WriteBox(json, "box", proposal.Box);
            WriteBox(json, "crop", proposal.Crop);
            if (float.IsFinite(proposal.Score))
                json.WriteNumber("score", proposal.Score);
            else
                json.WriteNull("score");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteBox(Utf8JsonWriter json, string name, PixelBox box)
    {
        json.WriteStartArray(name);
        json.WriteNumberValue(box.X0);
        json.WriteNumberValue(box.Y0);
        json.WriteNumberValue(box.X1);
        json.WriteNumberValue(box.Y1);
        json.WriteEndArray();
    }

    private void WriteTimings(Utf8JsonWriter json)
    {
        json.WriteStartObject("milliseconds");
        json.WriteNumber("proposals", Timings.Proposals.TotalMilliseconds);
        json.WriteNumber("crops", Timings.Crops.TotalMilliseconds);
        json.WriteNumber("network", Timings.Network.TotalMilliseconds);
        json.WriteNumber("merge", Timings.Merge.TotalMilliseconds);
        json.WriteNumber("crf", Timings.Crf.TotalMilliseconds);
        json.WriteNumber("total", Timings.Total.TotalMilliseconds);
        json.WriteEndObject();
    }
}
