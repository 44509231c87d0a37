using System.Text.Json;
using DeconvNet.Segmentation;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SegmentWeb;

namespace DeconvNet.Applications.Tests.SegmentWeb;

/// <summary>The server of the sample on a free port of this machine, and a visitor without a browser.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private WebServer(WebApplication app)
    {
        this.app = app;
        Address = new Uri(app.Urls.Single());
        Client = new HttpClient { BaseAddress = Address, Timeout = Timeout.InfiniteTimeSpan };
    }

    public static string Photos { get; } = Path.Combine(AppContext.BaseDirectory, "page", "photos");

    public Uri Address { get; }

    public HttpClient Client { get; }

    public ResultStore Results => app.Services.GetRequiredService<ResultStore>();

    /// <param name="segmenter">Instead of the one that the configuration describes.</param>
    /// <param name="settings">As on the command line.</param>
    public static async Task<WebServer> StartAsync(ISegmenter? segmenter, params string[] settings)
    {
        var builder = WebPage.CreateBuilder(["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "Warning", .. settings]);
        if (segmenter is not null)
            builder.Services.AddSingleton(segmenter);
        var app = WebPage.Build(builder);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new WebServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }

    public Task<HttpResponseMessage> UploadAsync(byte[] photo, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "api/segmentations") { Content = new ByteArrayContent(photo) };
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>The lines of an answer.</summary>
    public static async Task<List<JsonElement>> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        answer.EnsureSuccessStatusCode();
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    /// <summary>The detail text of an error response.</summary>
    public static async Task<string> DetailAsync(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken)).RootElement.GetProperty("detail").GetString()!;
}
