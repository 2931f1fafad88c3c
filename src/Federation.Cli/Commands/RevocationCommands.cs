using System.Buffers.Text;
using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Files;
using Federation.Cli.Output;
using Federation.Cli.Service;
using Federation.Cli.Terminals;
using Federation.Domain.Json;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl token show</c>, <c>revoke</c> and <c>revoked</c>: which token it is, and taking it back.</summary>
internal static partial class RevocationCommands
{
    /// <summary>The verb that tells what a token says.</summary>
    public static Verb Show(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A file that holds a token of the built-in issuer" };
        var output = Shared.Output();
        return new Verb("show", "Show what a token says of itself, its identifier first; whether that is true, the service finds out", "fedctl token show alice.token")
            .With(file, output)
            .Does(parse =>
            {
                var claims = ClaimsOf(UserFile.Read(parse.GetRequiredValue(file)).Trim());
                new Printer(terminal, parse.GetValue(output)).Print(claims, () => PageOf(claims));
                return ExitCode.Done;
            });
    }

    /// <summary>The verb that takes a token back.</summary>
    public static Verb Revoke(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The token's identifier, as 'fedctl token show' tells it: 32 hexadecimal digits" };
        var reason = new Option<string?>("--reason") { Description = "Why, for those who read the list later", HelpName = "TEXT" };
        return new Verb(
            "revoke",
            "Take a token back: a few seconds later no silo takes it any more; for administrators of the federation",
            "fedctl token revoke 3f6c1a2b9d8e47f0a1b2c3d4e5f60718 --reason 'laptop lost'")
        {
            Remarks = "It cannot be given back: issue another one. Sensors' tokens of 'fedctl sensor token' end with the sensor's next one.",
        }.With(id, reason).Calls(terminal, async call =>
        {
            var token = call.Parse.GetRequiredValue(id);
            if (!Identifier().IsMatch(token))
            {
                throw new CommandFailure("that is no identifier of a token, 32 hexadecimal digits; 'fedctl token show FILE' tells it");
            }

            var request = JsonSerializer.Serialize(new RevocationRequest(call.Parse.GetValue(reason)), DomainJson.Options);
            var answer = await call.Client.Put(Route.To("revocations", token), request, "application/json", call.Cancel);
            return call.Show<RevocationDocument>(answer.Document, revoked => new Page().Line($"token {revoked.Token} was revoked by {revoked.By} at {Cells.Instant(revoked.At)}"));
        });
    }

    /// <summary>The verb that lists what was taken back.</summary>
    public static Verb List(Terminal terminal) => new Verb("revoked", "List the tokens that were taken back, for auditors and administrators", "fedctl token revoked")
        .Calls(terminal, call => call.Show<RevocationDocument[]>(Route.To("revocations"), tokens => Page.Of(
            new Sheet("TOKEN", "REVOKED", "BY", "REASON").Rows(tokens, token => [token.Token, Cells.Instant(token.At), token.By, token.Reason]))));

    [GeneratedRegex("^[0-9a-f]{32}$")]
    private static partial Regex Identifier();

    private static JsonElement ClaimsOf(string token)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(token.Split('.')[1]));
        }
        catch (Exception fault) when (fault is FormatException or JsonException or IndexOutOfRangeException)
        {
            throw new CommandFailure("the file holds no token of an issuer (three parts with dots between them); those of sensors and the operator have no identifier", fault);
        }
    }

    private static Page PageOf(JsonElement claims)
    {
        var page = new Page().Line($"token {Text(claims, "jti")}");
        foreach (var claim in claims.EnumerateObject().Where(claim => claim.Name != "jti"))
        {
            page = page.Line($"  {claim.Name,-10} {Cells.Plain(claim.Name is "iat" or "exp" or "nbf" && claim.Value.TryGetInt64(out var at)
                ? Cells.Instant(DateTimeOffset.FromUnixTimeSeconds(at))
                : claim.Value.ToString())}");
        }

        return page;
    }

    private static string Text(JsonElement claims, string name) => claims.TryGetProperty(name, out var value) ? Cells.Plain(value.ToString()) : "without an identifier";
}
