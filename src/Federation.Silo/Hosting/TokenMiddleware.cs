namespace Federation.Silo.Hosting;

/// <summary>Lets nobody in without the token, but to what tells that the service lives and how to talk to it.</summary>
public static class TokenMiddleware
{
    /// <summary>Requires the token of every request under <c>/v1</c>.</summary>
    public static IApplicationBuilder UseToken(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var token = context.RequestServices.GetRequiredService<AccessToken>();
        if (!context.Request.Path.StartsWithSegments("/v1") || token.Matches(context.Request.Headers.Authorization))
        {
            await next(context);
            return;
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        await Results.Problem(
            statusCode: StatusCodes.Status401Unauthorized,
            title: "Not authorized",
            detail: "send the header 'Authorization: Bearer TOKEN'; the token is in the file 'token' of the service's data folder").ExecuteAsync(context);
    });
}
