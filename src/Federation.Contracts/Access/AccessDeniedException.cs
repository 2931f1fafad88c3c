namespace Federation.Contracts.Access;

/// <summary>A grain refuses a call: the API should have refused the request before.</summary>
/// <param name="message">Who may not do what, and why.</param>
[GenerateSerializer, Alias("Federation.AccessDeniedException")]
public sealed class AccessDeniedException(string message) : Exception(message);
