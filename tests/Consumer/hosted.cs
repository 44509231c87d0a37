// A web application that starts, checks its own health, and exits.
var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddDeconvNet(builder.Configuration.GetSection("DeconvNet"));
builder.Services.AddHealthChecks().AddDeconvNet();

var app = builder.Build();
app.MapHealthChecks("/health");
await app.StartAsync();
using var client = new HttpClient();
var health = await client.GetStringAsync(new Uri(new Uri(app.Urls.First()), "/health"));
Console.WriteLine(health);
await app.StopAsync();
return health == "Healthy" ? 0 : 1;
