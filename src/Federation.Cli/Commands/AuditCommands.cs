using System.CommandLine;
using System.Text.RegularExpressions;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Output;
using Federation.Cli.Service;
using Federation.Cli.Terminals;
using Federation.Domain.Audit;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl audit</c>: who did what, and whether the log of it is whole.</summary>
internal static partial class AuditCommands
{
    /// <summary>The noun with its verbs.</summary>
    public static Verb Create(Terminal terminal) =>
        new Verb("audit", "Who did what, and who was refused; for auditors and administrators of the federation").With(List(terminal), Verify(terminal));

    private static Verb List(Terminal terminal)
    {
        var after = Values.Position("--after", "Only entries of a higher number. Default 0: from the first");
        return new Verb("list", "List the entries, oldest first", "fedctl audit list", "fedctl audit list --after 120 -o json").With(after)
            .Calls(terminal, async call =>
            {
                var entries = new List<AuditDocument>();
                await foreach (var entry in Entries(call, call.Parse.GetValue(after) ?? 0))
                {
                    entries.Add(entry);
                }

                call.Printer.Print(entries, () => Page.Of(new Sheet(">", "AT", "WHO", "ACTION", "TARGET", "OUTCOME", "DETAIL").Rows(entries, entry =>
                    [
                        $"{entry.Sequence}", Cells.Instant(entry.At), entry.Who, entry.Action, entry.Target,
                        entry.Outcome.ToString().ToLowerInvariant(), entry.Detail,
                    ])));
                return ExitCode.Done;
            });
    }

    private static Verb Verify(Terminal terminal)
    {
        var expect = new Option<string[]>("--expect")
        {
            Description = "A head that an earlier run printed: the log has to pass through it. Can be given several times", HelpName = "N:HASH",
        };
        expect.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !Head().IsMatch(token.Value)))
            {
                result.AddError($"--expect: '{token.Value}' is no head such as an earlier run printed, 12:9f86...");
            }
        });
        return new Verb(
            "verify",
            "Check that no entry was changed or taken away, by chaining them all anew here",
            "fedctl audit verify",
            "fedctl audit verify --expect 120:$(cut -d: -f2 head.txt)")
        {
            Remarks = "Prints the head: keep it where nobody can write who can write to the database. Only a head that was kept tells of a log that was"
                + " cut off at its end or written anew. Exit code 0: whole, 1: not.",
        }.With(expect).Calls(terminal, async call =>
        {
            var verification = new AuditVerification(call.Parse.GetValue(expect) ?? []);
            await foreach (var entry in Entries(call, 0))
            {
                verification.Add(entry.ToRecord());
            }

            verification.End();
            if (verification.Fault is { } fault)
            {
                throw new CommandFailure(fault);
            }

            var shown = new { entries = verification.Last?.Sequence ?? 0, head = verification.Last?.Head };
            call.Printer.Print(shown, () => new Page().Line($"{shown.entries} entries, none changed, none missing").Line($"head {shown.head ?? "-"}"));
            return ExitCode.Done;
        });
    }

    private static async IAsyncEnumerable<AuditDocument> Entries(ServiceCall call, long after)
    {
        while (await call.Get<AuditDocument[]>(Route.To("audit").With("after", after)) is { Length: > 0 } page)
        {
            foreach (var entry in page)
            {
                yield return entry;
            }

            after = page[^1].Sequence;
        }
    }

    [GeneratedRegex("^[1-9][0-9]{0,17}:[0-9a-f]{64}$")]
    private static partial Regex Head();
}
