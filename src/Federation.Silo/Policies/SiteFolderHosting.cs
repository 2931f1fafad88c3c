using Federation.Files.Feeds;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Policies;

/// <summary>Adds what keeps site files in force.</summary>
internal static class SiteFolderHosting
{
    public static void AddSiteFolder(this IServiceCollection services)
    {
        services.AddOptions<SiteFolderOptions>().BindConfiguration("Federation:Sites").ValidateOnStart();
        services.AddSingleton<IValidateOptions<SiteFolderOptions>, SiteFolderOptionsValidator>();
        services.AddSingleton<SiteFolderStatus>();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<SiteFolderOptions>>().Value;
            // An address is followed where it was written, and nowhere else.
            var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
            return new RemoteFeeds(
                http,
                new() { Interval = TimeSpan.FromSeconds(options.FeedSeconds), StaleAfter = TimeSpan.FromSeconds(options.FeedStaleSeconds) },
                provider.GetRequiredService<TimeProvider>());
        });
        services.AddHostedService<SiteFolderService>();
    }
}
