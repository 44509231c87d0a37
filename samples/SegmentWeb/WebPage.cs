namespace SegmentWeb;

/// <summary>The server: one page and its endpoints.</summary>
internal static class WebPage
{
    /// <summary>The services, with options from appsettings.json, the environment and the command line.</summary>
    /// <param name="args">Such as <c>--urls http://127.0.0.1:5080</c> or <c>--DeconvNet:Method Fcn8s</c>.</param>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        // Next to the program, independent of the current folder.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory, WebRootPath = "page" });
        var options = builder.Configuration.GetSection("SegmentWeb").Get<SegmentWebOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new SegmentWebOptions();
        builder.Services.AddDeconvNet(builder.Configuration.GetSection("DeconvNet"));
        builder.Services.AddHealthChecks().AddDeconvNet();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(new VisitorQueue(options.MaxVisitors));
        builder.Services.AddSingleton<NetworkThread>();
        builder.Services.AddSingleton(new ResultStore(options.ResultBytes, options.ResultLifetime, TimeProvider.System));
        return builder;
    }

    /// <summary>The page and its endpoints.</summary>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        var app = builder.Build();
        app.Use(ForbidStrangers);
        app.UseDefaultFiles();
        app.UseStaticFiles();
        app.MapHealthChecks("/health");
        app.MapGet("/api/limits", (SegmentWebOptions options) => new { options.MaxUploadBytes, options.MaxPixels });
        app.MapPost("/api/segmentations", UploadEndpoint.SegmentAsync);
        ResultEndpoints.Map(app.MapGroup("/api/results/{id}"));
        return app;
    }

    // The page uses nothing from other servers, and other pages must not use it.
    private static Task ForbidStrangers(HttpContext context, Func<Task> next)
    {
        context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' blob:; frame-ancestors 'none'";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return next();
    }
}
