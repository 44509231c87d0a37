using SegmentWeb;

await WebPage.Build(WebPage.CreateBuilder(args)).RunAsync();
