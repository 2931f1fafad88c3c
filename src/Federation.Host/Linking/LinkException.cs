namespace Federation.Host.Linking;

/// <summary>The service was not reached, or said no; its message is fit to show to a user.</summary>
/// <param name="message">Why.</param>
/// <param name="status">The HTTP status of the no; null: nobody answered.</param>
/// <param name="inner">What caused it.</param>
public sealed class LinkException(string message, int? status, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The HTTP status of the no; null: nobody answered.</summary>
    public int? Status { get; } = status;
}
