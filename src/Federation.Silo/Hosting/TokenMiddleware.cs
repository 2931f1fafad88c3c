namespace Federation.Silo.Hosting;

/// <summary>Lets nobody in without a token, but to what tells that the service lives and how to talk to it.</summary>
public static class TokenMiddleware
{
    /// <summary>Requires a token of every request under <c>/v1</c>: the operator's for anything, a sensor's for what sensors do.</summary>
    public static IApplicationBuilder UseToken(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var token = context.RequestServices.GetRequiredService<AccessToken>();
        if (!context.Request.Path.StartsWithSegments("/v1") || token.Matches(context.Request.Headers.Authorization))
        {
            await next(context);
            return;
        }

        var grains = context.RequestServices.GetRequiredService<IGrainFactory>();
        if (await SensorIdentity.Find(context.Request.Headers.Authorization, grains) is not { } sensor)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await Results.Problem(
                statusCode: StatusCodes.Status401Unauthorized,
                title: "Not authorized",
                detail: "send the header 'Authorization: Bearer TOKEN'; the token is in the file 'token' of the service's data folder").ExecuteAsync(context);
        }
        else if (!SensorIdentity.MayDo(context.Request))
        {
            await Results.Problem(
                statusCode: StatusCodes.Status403Forbidden,
                title: "Not allowed",
                detail: $"this is the token of sensor {sensor.Sensor}: it can report the VMs on {sensor.Place} and ask which those are, "
                    + "nothing else; use the operator's token").ExecuteAsync(context);
        }
        else
        {
            context.Features.Set(sensor);
            await next(context);
        }
    });
}
