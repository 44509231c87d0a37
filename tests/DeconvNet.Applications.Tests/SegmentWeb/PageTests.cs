using DeconvNet.Imaging;
using Microsoft.Playwright;

namespace DeconvNet.Applications.Tests.SegmentWeb;

/// <summary>The page in a browser, as a visitor uses it.</summary>
[Collection(TorchTests.Name)]
public sealed class PageTests
{
    private static readonly string Cat = Path.Combine(WebServer.Photos, "cat.jpg");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sample_photo_is_segmented_read_and_downloaded()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var server = await WebServer.StartAsync(null, "--DeconvNet:Method", "Ensemble", "--DeconvNet:Device", "cpu");
        var page = await chromium.OpenAsync(server.Address);
        var problems = Problems(page);
        await Assertions.Expect(page.Locator("#limits")).ToHaveTextAsync("up to 12 MB and 24 megapixels");
        await Chromium.KeepAsync(page, "start");

        await page.ClickAsync("[data-photo='photos/horse_person.jpg']");
        await page.WaitForSelectorAsync("#panel:not([hidden])");
        Assert.Equal(["horse", "person"], (await page.Locator("#classes .name").AllTextContentsAsync()).Order());
        await Chromium.KeepAsync(page, "result");

        // What lies under the pointer: the middle of the horse, then a corner of the background.
        var canvas = page.Locator("#canvas");
        var box = (await canvas.BoundingBoxAsync())!;
        var whole = await PixelsAsync(page);
        await canvas.HoverAsync(new() { Position = new() { X = box.Width * 0.5f, Y = box.Height * 0.6f } });
        Assert.Matches("^(horse|person), \\d+ % sure; \\d+\\.\\d % of the photo$", await page.InnerTextAsync("#reading"));
        await Chromium.KeepAsync(page, "reading");
        await canvas.HoverAsync(new() { Position = new() { X = 40, Y = 40 } });
        Assert.Matches("^background, \\d+ % sure$", await page.InnerTextAsync("#reading"));

        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("#download-overlay"));
        var overlay = RgbImage.Load(await download.PathAsync());
        Assert.True(overlay.Width >= 500);
        download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("#download-cutout"));
        Assert.Equal(overlay.Width, RgbImage.Load(await download.PathAsync()).Width);
        download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("#download-labels"));
        Assert.Equal((500, 333), Size(LabelMap.Load(await download.PathAsync())));
        download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("#download-json"));
        Assert.Contains("\"classes\"", await File.ReadAllTextAsync(await download.PathAsync(), Cancellation), StringComparison.Ordinal);

        // Without its classes, or without color, the photo is what is seen.
        foreach (var name in (string[])["horse", "person"])
            await page.UncheckAsync($"#classes input[name='{name}']");
        Assert.False(await page.IsVisibleAsync("#download-cutout"));
        var bare = await PixelsAsync(page);
        Assert.NotEqual(whole, bare);
        await page.CheckAsync("#classes input[name='horse']");
        Assert.NotEqual(bare, await PixelsAsync(page));
        await page.FillAsync("#opacity", "0");
        Assert.Equal("0 %", await page.InnerTextAsync("#opacity-value"));
        Assert.Equal(bare, await PixelsAsync(page));
        Assert.Contains("classes=horse&opacity=0", await page.GetAttributeAsync("#download-overlay", "href"), StringComparison.Ordinal);

        await page.ClickAsync("#again");
        Assert.True(await page.IsVisibleAsync("#drop"));
        Assert.False(await page.IsVisibleAsync("#panel"));
        Assert.Empty(problems);
    }

    [Fact]
    public async Task A_photo_is_chosen_or_dropped_and_fits_a_small_screen()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var server = await WebServer.StartAsync(new CountingSegmenter());
        var page = await chromium.OpenAsync(server.Address, 390, 800);
        await page.SetInputFilesAsync("#file", Cat);
        await page.WaitForSelectorAsync("#panel:not([hidden])");
        await Chromium.KeepAsync(page, "phone");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));

        await page.ClickAsync("#again");
        await page.EvaluateAsync("""
            async () => {
                const files = new DataTransfer();
                files.items.add(new File([await (await fetch('photos/dog_person.jpg')).blob()], 'dog.jpg', { type: 'image/jpeg' }));
                document.dispatchEvent(new DragEvent('drop', { dataTransfer: files, cancelable: true }));
            }
            """);
        await page.WaitForSelectorAsync("#panel:not([hidden])");
        Assert.StartsWith("333 × 500 pixels", await page.InnerTextAsync("#time"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_are_shown_and_the_next_photo_works()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var server = await WebServer.StartAsync(new CountingSegmenter(), "--SegmentWeb:MaxUploadBytes", "50000");
        var page = await chromium.OpenAsync(server.Address);
        await page.SetInputFilesAsync("#file", new FilePayload { Name = "a.jpg", MimeType = "image/jpeg", Buffer = "no photo"u8.ToArray() });
        await Assertions.Expect(page.Locator("#error")).ToHaveTextAsync("This file is no picture that the browser can show.");
        await page.SetInputFilesAsync("#file", Path.Combine(WebServer.Photos, "astronaut_person.jpg"));
        await Assertions.Expect(page.Locator("#error")).ToContainTextAsync("The photo has 0.058 MB; up to 0.048 MB are taken.");
        await Chromium.KeepAsync(page, "error");
        await page.SetInputFilesAsync("#file", Cat);
        await page.WaitForSelectorAsync("#panel:not([hidden])");
        Assert.False(await page.IsVisibleAsync("#error"));
    }

    [Fact]
    public async Task Progress_is_shown_and_canceling_or_leaving_ends_the_work()
    {
        using var ended = new SemaphoreSlim(0);
        var segmenter = new CountingSegmenter(stop =>
        {
            stop.WaitHandle.WaitOne();
            ended.Release();
            stop.ThrowIfCancellationRequested();
        });
        await using var chromium = await Chromium.StartAsync();
        await using var server = await WebServer.StartAsync(segmenter, "--DeconvNet:WarmUp", "false");
        var page = await chromium.OpenAsync(server.Address);
        await page.SetInputFilesAsync("#file", Cat);
        await Assertions.Expect(page.Locator("#state")).ToHaveTextAsync("Looking");
        await Chromium.KeepAsync(page, "working");
        var second = await chromium.OpenAsync(server.Address);
        await second.SetInputFilesAsync("#file", Cat);
        await Assertions.Expect(second.Locator("#state")).ToHaveTextAsync("Waiting: one photo comes first");

        await page.ClickAsync("#cancel");
        await ended.WaitAsync(Cancellation);
        Assert.True(await page.IsVisibleAsync("#drop"));
        await Assertions.Expect(second.Locator("#state")).ToHaveTextAsync("Looking");
        await second.CloseAsync();
        await ended.WaitAsync(Cancellation);
    }

    private static (int, int) Size(LabelMap map) => (map.Width, map.Height);

    private static Task<string> PixelsAsync(IPage page) => page.EvaluateAsync<string>("document.getElementById('canvas').toDataURL()");

    private static List<string> Problems(IPage page)
    {
        var problems = new List<string>();
        page.PageError += (_, error) => problems.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                problems.Add(message.Text);
        };
        return problems;
    }
}
