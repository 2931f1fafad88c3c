namespace Federation.Contracts.Access;

/// <summary>The token that goes with grain calls which come through a gateway: the grain's silo checks it and so knows who calls.</summary>
/// <remarks>
/// For programs that use Orleans themselves. A call without a token that is good is refused, whatever else it says of its caller. Setting it
/// lasts until the end of the asynchronous method that sets it.
/// </remarks>
public static class CallerToken
{
    /// <summary>The name of the token in the request context.</summary>
    public const string Key = "federation.token";

    /// <summary>The caller's token, a JSON web token or a sensor's; null: none goes with calls.</summary>
    public static string? Current
    {
        get => RequestContext.Get(Key) as string;
        set
        {
            if (value is null)
            {
                RequestContext.Remove(Key);
            }
            else
            {
                RequestContext.Set(Key, value);
            }
        }
    }
}
