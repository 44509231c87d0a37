using System.Net;
using System.Text.Json;
using DeconvNet.Engine;
using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using DeconvNet.Weights;
using SkiaSharp;

namespace DeconvNet.Applications.Tests.SegmentWeb;

/// <summary>What the page calls, without a browser.</summary>
[Collection(TorchTests.Name)]
public class ServerTests
{
    private static readonly byte[] Cat = File.ReadAllBytes(Path.Combine(WebServer.Photos, "cat.jpg"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_answer_to_a_photo_is_progress_and_the_result_of_the_library()
    {
        await using var server = await WebServer.StartAsync(null, "--DeconvNet:Method", "Fcn8s", "--DeconvNet:Device", "cpu");
        using var segmenter = CompactWeights.Fcn8s.CreateSegmenter();
        var expected = segmenter.Segment(Cat, cancellationToken: Cancellation);

        var lines = await WebServer.ReadAsync(await server.UploadAsync(Cat, Cancellation), Cancellation);
        Assert.All(lines.SkipLast(1), line => Assert.Equal("working", line.GetProperty("state").GetString()));
        Assert.Equal("done", lines[^1].GetProperty("state").GetString());
        var result = lines[^1].GetProperty("result");
        Assert.Equal((500, 333), (result.GetProperty("width").GetInt32(), result.GetProperty("height").GetInt32()));
        Assert.Equal(expected.Classes.Select(found => found.Name), result.GetProperty("classes").EnumerateArray().Select(found => found.GetProperty("name").GetString()));
        Assert.Contains("cat", expected.Classes.Select(found => found.Name));

        var id = result.GetProperty("id").GetString();
        var labels = LabelMap.Decode(await server.Client.GetByteArrayAsync($"api/results/{id}/labels.png", Cancellation));
        Assert.Equal(expected.Labels.Pixels, labels.Pixels);
        var map = RgbImage.Decode(await server.Client.GetByteArrayAsync($"api/results/{id}/map.png", Cancellation));
        Assert.Equal(expected.Labels.Pixels.ToArray(), Enumerable.Range(0, 500 * 333).Select(i => map.Pixels[3 * i]));
        var summary = JsonDocument.Parse(await server.Client.GetStringAsync($"api/results/{id}/result.json", Cancellation)).RootElement;
        Assert.Equal(500, summary.GetProperty("width").GetInt32());
    }

    [Fact]
    public async Task An_overlay_has_the_chosen_classes_only()
    {
        await using var server = await WebServer.StartAsync(new CountingSegmenter());
        var id = await SegmentAsync(server);
        var photo = RgbImage.Decode(Cat);
        var none = await OverlayAsync("classes=&opacity=1");
        var cat = await OverlayAsync("classes=cat&opacity=1");
        Assert.Equal(photo.Pixels[..300].ToArray(), none.Pixels[..300].ToArray());
        Assert.NotEqual(none.Pixels[..300].ToArray(), cat.Pixels[..300].ToArray());
        foreach (var bad in (string[])["classes=dog", "opacity=2", "opacity=NaN"])
            Assert.Equal(HttpStatusCode.BadRequest, (await server.Client.GetAsync($"api/results/{id}/overlay.png?{bad}", Cancellation)).StatusCode);
        foreach (var bad in (string[])["", "?classes=", "?classes=cat,dog"])
            Assert.Equal(HttpStatusCode.BadRequest, (await server.Client.GetAsync($"api/results/{id}/cutout.png{bad}", Cancellation)).StatusCode);
        using var cutout = SKBitmap.Decode(await server.Client.GetByteArrayAsync($"api/results/{id}/cutout.png?classes=cat", Cancellation));
        Assert.Equal((255, 0), (cutout.GetPixel(10, 10).Alpha, cutout.GetPixel(490, 10).Alpha));
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync("api/results/00/overlay.png", Cancellation)).StatusCode);

        async Task<RgbImage> OverlayAsync(string query) => RgbImage.Decode(await server.Client.GetByteArrayAsync($"api/results/{id}/overlay.png?{query}", Cancellation));
    }

    [Fact]
    public async Task Uploads_that_are_not_photos_or_too_large_are_refused_before_they_wait()
    {
        var segmenter = new CountingSegmenter();
        await using var server = await WebServer.StartAsync(segmenter, "--SegmentWeb:MaxUploadBytes", "40000", "--SegmentWeb:MaxPixels", "170000");
        var atStart = segmenter.Photos;
        foreach (var (bytes, status, detail) in new (byte[], HttpStatusCode, string)[]
        {
            ("no photo"u8.ToArray(), HttpStatusCode.UnprocessableEntity, "is not an image"),
            ([], HttpStatusCode.UnprocessableEntity, "is empty"),
            (new byte[40001], HttpStatusCode.RequestEntityTooLarge, "MB"),
            (new RgbImage(500, 341, new byte[3 * 500 * 341]).EncodePng(), HttpStatusCode.UnprocessableEntity, "500×341"),
        })
        {
            var answer = await server.UploadAsync(bytes, Cancellation);
            Assert.Equal(status, answer.StatusCode);
            Assert.Contains(detail, await WebServer.DetailAsync(answer, Cancellation), StringComparison.Ordinal);
        }

        var lines = await WebServer.ReadAsync(await server.UploadAsync(Cat[..20000], Cancellation), Cancellation);
        Assert.Contains("is truncated", lines[^1].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(atStart, segmenter.Photos);
        await SegmentAsync(server);
    }

    [Fact]
    public async Task One_visitor_too_many_is_asked_to_come_back_and_the_others_are_served()
    {
        using var open = new ManualResetEventSlim();
        var segmenter = new CountingSegmenter(stop => open.Wait(stop));
        await using var server = await WebServer.StartAsync(segmenter, "--DeconvNet:WarmUp", "false", "--SegmentWeb:MaxVisitors", "3");
        var served = new List<HttpResponseMessage>();
        for (var visitor = 0; visitor < 3; visitor++)
            served.Add(await server.UploadAsync(Cat, Cancellation));
        var refused = await server.UploadAsync(Cat, Cancellation);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), refused.Headers.RetryAfter?.Delta);
        open.Set();
        var answers = await Task.WhenAll(served.Select(answer => WebServer.ReadAsync(answer, Cancellation)));
        Assert.All(answers, lines => Assert.Equal("done", lines[^1].GetProperty("state").GetString()));
        Assert.Contains(answers, lines => lines[0].GetProperty("state").GetString() == "waiting");
        await SegmentAsync(server);
    }

    [Fact]
    public async Task The_work_ends_when_the_visitor_leaves_and_the_place_is_free_again()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isFirst = true;
        var segmenter = new CountingSegmenter(stop =>
        {
            if (!isFirst)
                return;
            isFirst = false;
            started.SetResult();
            stop.WaitHandle.WaitOne();
            ended.SetResult();
            stop.ThrowIfCancellationRequested();
        });
        await using var server = await WebServer.StartAsync(segmenter, "--DeconvNet:WarmUp", "false", "--SegmentWeb:MaxVisitors", "1");
        using var leaving = new CancellationTokenSource();
        var visit = Task.Run(async () => await WebServer.ReadAsync(await server.UploadAsync(Cat, leaving.Token), leaving.Token));
        await started.Task.WaitAsync(Cancellation);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => visit);
        await ended.Task.WaitAsync(Cancellation);

        HttpResponseMessage next;
        while ((next = await server.UploadAsync(Cat, Cancellation)).StatusCode == HttpStatusCode.TooManyRequests)
            await Task.Delay(10, Cancellation);
        Assert.Equal("done", (await WebServer.ReadAsync(next, Cancellation))[^1].GetProperty("state").GetString());
    }

    [Fact]
    public async Task Eight_visitors_at_once_are_all_served_in_bounded_memory()
    {
        const int limit = 8_000_000;
        await using var server = await WebServer.StartAsync(null, "--DeconvNet:Method", "Fcn8s", "--DeconvNet:Device", "cpu", "--SegmentWeb:ResultBytes", $"{limit}");
        var first = await LastLineAsync();
        for (var round = 0; round < 2; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(LastLineAsync)));
            Assert.All(answers, line => Assert.Equal("done", line.GetProperty("state").GetString()));
            Assert.All(answers, line => Assert.Equal(first.GetProperty("result").GetProperty("classes").ToString(), line.GetProperty("result").GetProperty("classes").ToString()));
            Assert.InRange(server.Results.Bytes, 1, Math.Max(limit, Bytes(answers)));
        }

        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("health", Cancellation)).StatusCode);

        async Task<JsonElement> LastLineAsync() => (await WebServer.ReadAsync(await server.UploadAsync(Cat, Cancellation), Cancellation))[^1];

        // One result may be larger than the limit; two never are together.
        static long Bytes(JsonElement[] answers) => answers.Max(line => 2 * 25L * 4 * line.GetProperty("result").GetProperty("width").GetInt32() * line.GetProperty("result").GetProperty("height").GetInt32());
    }

    [Fact]
    public async Task The_page_takes_nothing_from_other_servers()
    {
        await using var server = await WebServer.StartAsync(new CountingSegmenter());
        var page = await server.Client.GetAsync("/", Cancellation);
        Assert.Contains("default-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var html = await page.Content.ReadAsStringAsync(Cancellation);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        foreach (var file in (string[])["page.js", "style.css", "icon.svg", "photos/cat.jpg"])
            Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync(file, Cancellation)).StatusCode);
    }

    private static async Task<string> SegmentAsync(WebServer server)
    {
        var lines = await WebServer.ReadAsync(await server.UploadAsync(Cat, Cancellation), Cancellation);
        return lines[^1].GetProperty("result").GetProperty("id").GetString()!;
    }
}
