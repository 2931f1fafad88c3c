namespace Federation.Api;

/// <summary>What became of a file that was sent.</summary>
/// <param name="Did"><c>created</c>, <c>configured</c>, or <c>unchanged</c>: it was in force already.</param>
/// <param name="Warnings">What it says that is allowed and hardly meant; it was taken all the same.</param>
public sealed record AppliedDocument(string Did, WarningDocument[] Warnings);

/// <summary>Something in a file that is allowed and hardly meant.</summary>
/// <param name="Key">The path of its key: <c>links.rennes.latency</c>; empty: the file as a whole.</param>
/// <param name="Value">What it says; null: no single value.</param>
/// <param name="Problem">What is odd about it.</param>
/// <param name="Remedy">What would be usual.</param>
public sealed record WarningDocument(string Key, string? Value, string Problem, string Remedy);

/// <summary>One key of a file that is not as it is in force.</summary>
/// <param name="Key">Its path: <c>offers[std-4].price</c>.</param>
/// <param name="Before">Its value in force, as JSON; null: it is not there.</param>
/// <param name="After">Its value in the file, as JSON; null: it would go.</param>
public sealed record FieldChangeDocument(string Key, string? Before, string? After);
