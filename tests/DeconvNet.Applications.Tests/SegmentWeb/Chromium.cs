using Microsoft.Playwright;

namespace DeconvNet.Applications.Tests.SegmentWeb;

/// <summary>A headless browser. Tests that need one are skipped if there is none.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const string Variable = "DECONVNET_CHROMIUM";

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (this.playwright, this.browser) = (playwright, browser);

    public static async Task<Chromium> StartAsync()
    {
        var path = Environment.GetEnvironmentVariable(Variable) ?? Known().FirstOrDefault(File.Exists);
        Assert.SkipUnless(path is not null, $"There is no Chromium: install it (Debian: apt-get install chromium), or name it in {Variable}.");
        var playwright = await Playwright.CreateAsync();
        return new(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox", "--disable-gpu"] }));
    }

    public async Task<IPage> OpenAsync(Uri address, int width = 1280, int height = 860)
    {
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = height } });
        page.SetDefaultTimeout(120_000);
        await page.GotoAsync(address.ToString());
        return page;
    }

    /// <summary>Keeps a picture of the page where the variable DECONVNET_SCREENSHOTS names a folder for it.</summary>
    public static async Task KeepAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("DECONVNET_SCREENSHOTS") is { } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    private static IEnumerable<string> Known() =>
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe", @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ];
}
