namespace Federation.Domain.Documents;

/// <summary>A token of the built-in issuer that was taken back.</summary>
/// <param name="Token">Its identifier (<c>jti</c>), 32 hexadecimal digits.</param>
/// <param name="By">Who took it back.</param>
/// <param name="At">When.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record RevocationDocument(string Token, string By, DateTimeOffset At, string Reason);

/// <summary>Asks for a token to be taken back.</summary>
/// <param name="Reason">Why, for those who read the list later; may be left out.</param>
public sealed record RevocationRequest(string? Reason);
