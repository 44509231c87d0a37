using System.Text.Json;
using System.Threading.Channels;
using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using Microsoft.AspNetCore.Http.Features;

namespace SegmentWeb;

/// <summary>Receives a photo and answers with lines of JSON during the work; the last one is the result or the error. When the visitor leaves, the work is canceled.</summary>
internal static class UploadEndpoint
{
    private const string NameOfPhoto = "photo";
    private const int SecondsUntilNextTry = 5;
    private static readonly byte[] LineEnd = [(byte)'\n'];

    public static async Task SegmentAsync(HttpContext context, ISegmenter segmenter, VisitorQueue queue, NetworkThread thread, ResultStore results, SegmentWebOptions options)
    {
        using var place = queue.TryEnter();
        if (place is null)
        {
            context.Response.Headers.RetryAfter = FormattableString.Invariant($"{SecondsUntilNextTry}");
            await Refuse(StatusCodes.Status429TooManyRequests, "Too many visitors are waiting. Try again in a few seconds.").ExecuteAsync(context);
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = options.MaxUploadBytes;
        var (photo, refusal) = await ReadAsync(context, options);
        if (photo is null)
            await refusal!.ExecuteAsync(context);
        else
            await AnswerAsync(context, (write, stop) => WorkAsync(photo, place, encoded => Segment(encoded, segmenter, results, options, write, stop), thread, write, stop));
    }

    private static async Task<(byte[]? Photo, IResult? Refusal)> ReadAsync(HttpContext context, SegmentWebOptions options)
    {
        try
        {
            using var bytes = new MemoryStream();
            await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
            var photo = bytes.ToArray();

            // Most files that are not photos are recognized by their first bytes, before they wait in the queue.
            RgbImage.ReadSize(photo, NameOfPhoto, options.Limits);
            return (photo, null);
        }
        catch (BadHttpRequestException error)
        {
            var isTooLarge = error.StatusCode == StatusCodes.Status413PayloadTooLarge;
            return (null, Refuse(error.StatusCode, isTooLarge ? $"The photo has more than {options.MaxUploadBytes / (1 << 20)} MB." : error.Message));
        }
        catch (InvalidDataException error)
        {
            return (null, Refuse(StatusCodes.Status422UnprocessableEntity, error.Message));
        }
    }

    private static async Task WorkAsync(
        byte[] photo, VisitorQueue.Place place, Func<byte[], ResultSummary> segment, NetworkThread thread, Action<AnswerLine> write, CancellationToken stop)
    {
        try
        {
            await place.WaitForTurnAsync(ahead => write(new AnswerLine("waiting") { Ahead = ahead }), stop);
            write(new AnswerLine("working") { Fraction = 0 });
            write(new AnswerLine("done") { Result = await thread.RunAsync(() => segment(photo)) });
        }
        catch (Exception error) when (error is InvalidDataException or InvalidOperationException or InsufficientMemoryException)
        {
            write(new AnswerLine("failed") { Error = error.Message });
        }
    }

    // Decoded after the wait: files are small, decoded photos are large.
    private static ResultSummary Segment(byte[] encoded, ISegmenter segmenter, ResultStore results, SegmentWebOptions options, Action<AnswerLine> write, CancellationToken stop)
    {
        var photo = RgbImage.Decode(encoded, NameOfPhoto, options.Limits);
        var result = segmenter.Segment(photo, new Listener(progress => write(new AnswerLine("working") { Fraction = progress.Fraction })), stop);
        return ResultSummary.Of(results.Add(result));
    }

    private static async Task AnswerAsync(HttpContext context, Func<Action<AnswerLine>, CancellationToken, Task> work)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);

        // A slow reader misses progress, never the last line.
        var lines = Channel.CreateBounded<AnswerLine>(new BoundedChannelOptions(8) { FullMode = BoundedChannelFullMode.DropOldest });
        var working = Task.Run(async () =>
        {
            try
            {
                await work(line => lines.Writer.TryWrite(line), stop.Token);
            }
            finally
            {
                lines.Writer.Complete();
            }
        });
        try
        {
            context.Response.ContentType = "application/x-ndjson; charset=utf-8";
            context.Response.Headers.CacheControl = "no-store";
            await foreach (var line in lines.Reader.ReadAllAsync(stop.Token))
            {
                await JsonSerializer.SerializeAsync(context.Response.Body, line, JsonSerializerOptions.Web, stop.Token);
                await context.Response.Body.WriteAsync(LineEnd, stop.Token);
                await context.Response.Body.FlushAsync(stop.Token);
            }

            await working;
        }
        catch (Exception error) when (error is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The visitor has left; nobody reads the answer.
        }
        finally
        {
            // The place in the queue must be held while the network works on the photo.
            await stop.CancelAsync();
            await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static IResult Refuse(int status, string detail) => Results.Problem(detail, statusCode: status);

    private sealed class Listener(Action<DeconvNet.WorkProgress> report) : IProgress<DeconvNet.WorkProgress>
    {
        public void Report(DeconvNet.WorkProgress value) => report(value);
    }
}
