using System.CommandLine;
using Federation.Cli.Commandline;
using Federation.Cli.Output;
using Federation.Cli.Service;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl context</c>: which service to talk to when nothing else says so.</summary>
internal static class ContextCommands
{
    /// <summary>The noun with its verbs.</summary>
    public static Verb Create(Terminal terminal) =>
        new Verb("context", "Which service to talk to, with which token and certificates, when nothing else says so").With(
            List(terminal), Use(terminal), new ContextSetting(terminal).Create(), Show(terminal), Delete(terminal));

    private static Verb List(Terminal terminal)
    {
        var output = Shared.Output();
        return new Verb("list", "List the services that are remembered; * marks the one that is meant when nothing else says so", "fedctl context list")
            .With(output).Does(parse =>
            {
                var file = ContextFile.Read(ContextFile.PathFor(terminal));
                var shown = file.Contexts.Select(entry => new
                {
                    context = entry.Key, current = entry.Key == file.Current, server = entry.Value.Server,
                    token = entry.Value.TokenFile ?? (entry.Value.Token is null ? null : "in the context file"),
                    authority = entry.Value.Authority, certificate = entry.Value.Certificate, key = entry.Value.Key,
                }).ToArray();
                new Printer(terminal, parse.GetValue(output)).Print(shown, () => Page.Of(
                    new Sheet("", "CONTEXT", "SERVER", "TOKEN", "AUTHORITY", "CERTIFICATE").Rows(shown, context =>
                        [context.current ? "*" : " ", context.context, context.server, context.token, context.authority, context.certificate])));
                return ExitCode.Done;
            });
    }

    private static Verb Use(Terminal terminal)
    {
        var name = Name();
        return new Verb("use", "Say which of the services is meant when nothing else says so", "fedctl context use trial").With(name).Does(parse =>
        {
            var path = ContextFile.PathFor(terminal);
            var (file, chosen) = (ContextFile.Read(path), parse.GetRequiredValue(name));
            var context = file.Of(chosen);
            (file with { Current = chosen }).Write(path);
            terminal.Error.WriteLine($"{chosen} ({context.Server ?? "no server"}) is used from now on");
            return ExitCode.Done;
        });
    }

    private static Verb Delete(Terminal terminal)
    {
        var name = Name();
        return new Verb("delete", "Forget a service. The files that its context names stay", "fedctl context delete trial").With(name).Does(parse =>
        {
            var path = ContextFile.PathFor(terminal);
            var (file, gone) = (ContextFile.Read(path), parse.GetRequiredValue(name));
            _ = file.Of(gone);
            file.Without(gone).Write(path);
            terminal.Error.WriteLine(file.Current == gone && file.Contexts.Count > 1 ? "deleted; choose another one with 'fedctl context use NAME'" : "deleted");
            return ExitCode.Done;
        });
    }

    private static Verb Show(Terminal terminal)
    {
        var options = new ServiceOptions();
        return new Verb("show", "Show which service would be talked to, and where its token and certificates come from", "fedctl context show")
            .With(options.All).Does((parse, cancel) =>
            {
                using var call = options.Open(parse, terminal, cancel);
                var access = call.Client.Access;
                var shown = new
                {
                    server = access.Name, serverFrom = access.ServerFrom, token = access.Token is not null, tokenFrom = access.TokenFrom,
                    authorityFrom = access.AuthorityFrom, certificateFrom = access.CertificateFrom,
                };
                call.Printer.Print(shown, () => new Page()
                    .Line($"server       {shown.server} (from {shown.serverFrom})")
                    .Line($"token        {(shown.token ? $"from {shown.tokenFrom}" : $"none: {shown.tokenFrom}")}")
                    .Line($"authority    {shown.authorityFrom ?? "as this machine trusts"}")
                    .Line($"certificate  {shown.certificateFrom ?? "none is shown"}"));
                return Task.FromResult(ExitCode.Done);
            });
    }

    private static Argument<string> Name() => new("NAME") { Description = "The context's name, as 'fedctl context list' shows it" };
}
