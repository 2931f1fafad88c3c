using System.ComponentModel.DataAnnotations;
using System.Threading.RateLimiting;
using Federation.Silo.Http;
using Federation.Silo.Outages;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Guarding;

/// <summary>How much one address may ask for, in the configuration section <c>Federation:Limits</c>.</summary>
public sealed class LimitOptions
{
    /// <summary>Requests a second from one address in the long run; more are refused for a while (429). Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; set; } = 10_000;

    /// <summary>Requests that one address may make at once after a rest. Default 20,000.</summary>
    [Range(1, 10_000_000)]
    public int RequestBurst { get; set; } = 20_000;

    /// <summary>Requests a second without a good token from one address in the long run. Default 5.</summary>
    [Range(1, 100_000)]
    public int StrangersPerSecond { get; set; } = 5;

    /// <summary>Requests without a good token that one address may make at once after a rest. Default 500.</summary>
    [Range(1, 1_000_000)]
    public int StrangerBurst { get; set; } = 500;

    /// <summary>How long a request may take, seconds, unless it says itself how long it waits. Default 300: planning takes up to 120.</summary>
    [Range(1, 3600)]
    public int RequestSeconds { get; set; } = 300;
}

/// <summary>Checks the options by their attributes.</summary>
[OptionsValidator]
public sealed partial class LimitOptionsValidator : IValidateOptions<LimitOptions>;

/// <summary>Holds requests to their limits.</summary>
internal static class RequestLimits
{
    public static void AddRequestLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<LimitOptions>().BindConfiguration("Federation:Limits").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<LimitOptions>, LimitOptionsValidator>();
        builder.Services.AddSingleton<StrangerBudgets>();
        builder.Services.AddRateLimiter(_ => { });
        builder.Services.AddOptions<RateLimiterOptions>().Configure<IOptions<LimitOptions>>((limiter, limits) =>
        {
            limiter.GlobalLimiter = PerAddress(limits.Value.RequestsPerSecond, limits.Value.RequestBurst);
            limiter.OnRejected = async (rejected, _) => await TooMany(rejected.HttpContext).ExecuteAsync(rejected.HttpContext);
        });
        builder.Services.AddRequestTimeouts();
        builder.Services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<LimitOptions>>((timeouts, limits) =>
            timeouts.DefaultPolicy = new()
            {
                Timeout = TimeSpan.FromSeconds(limits.Value.RequestSeconds),
                TimeoutStatusCode = StatusCodes.Status504GatewayTimeout,
                WriteTimeoutResponse = context => OutageProblems.Of(context, OutageKind.Time).ExecuteAsync(context),
            });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // A client that dawdles holds a connection and no more.
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });
    }

    /// <summary>The refusal of one request too many.</summary>
    public static IResult TooMany(HttpContext context) =>
        Problems.TooMany(context, "more requests come from this address than it may make", TimeSpan.FromSeconds(1));

    /// <summary>A budget for each address.</summary>
    public static PartitionedRateLimiter<HttpContext> PerAddress(int perSecond, int burst) =>
        PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetTokenBucketLimiter(
            $"{context.Connection.RemoteIpAddress}",
            _ => new() { TokensPerPeriod = perSecond, ReplenishmentPeriod = TimeSpan.FromSeconds(1), TokenLimit = burst, AutoReplenishment = true }));
}

/// <summary>How many requests without a good token each address may still make: guessing tokens is slow, and does not fill the audit log.</summary>
internal sealed class StrangerBudgets(IOptions<LimitOptions> limits) : IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> budgets =
        RequestLimits.PerAddress(limits.Value.StrangersPerSecond, limits.Value.StrangerBurst);

    /// <summary>Takes one off the address's budget; false if there is none left.</summary>
    public bool Spend(HttpContext context)
    {
        using var lease = budgets.AttemptAcquire(context);
        return lease.IsAcquired;
    }

    public void Dispose() => budgets.Dispose();
}
