namespace Federation.Api;

/// <summary>The token of a host's agent, in the answer that makes it and never again.</summary>
/// <param name="Site">The host's site.</param>
/// <param name="Host">The host.</param>
/// <param name="CreatedAt">When the token was made.</param>
/// <param name="Token">The token.</param>
public sealed record HostTokenDocument(string Site, string Host, DateTimeOffset CreatedAt, string Token);

/// <summary>What is typed at a VM's console, and what is asked of it.</summary>
/// <param name="Input">What is typed, base64; null: nothing.</param>
/// <param name="From">From which byte on is read; 0: the first one since somebody is at the console.</param>
/// <param name="Wait">How long to wait where there is nothing to read, seconds, from 0 to 10; null: not at all.</param>
public sealed record ConsoleRequest(string? Input, long From, double? Wait);

/// <summary>What a VM wrote to its serial console.</summary>
/// <param name="Output">The bytes, base64.</param>
/// <param name="From">The number of the first one.</param>
/// <param name="Next">From which byte on to read next.</param>
public sealed record ConsoleDocument(string Output, long From, long Next);
