using System.CommandLine;

namespace Federation.Cli.Commandline;

/// <summary>Names of things that belong to an application: <c>cg/vm1</c>, or <c>astro/cg/vm1</c> as refusals and events write it.</summary>
internal static class Qualified
{
    /// <summary>An argument that is such a name.</summary>
    public static Argument<string> Argument(string what, string description)
    {
        var argument = new Argument<string>($"APP/{what}") { Description = description };
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.Split('/') is not { Length: 2 or 3 } parts || parts.Contains("")))
            {
                result.AddError($"'{token.Value}' does not name the application; write APP/{what}");
            }
        });
        return argument;
    }

    /// <summary>The application, with its tenant before it if the name says it, and what belongs to it.</summary>
    public static (string Application, string Name) Split(string qualified)
    {
        var slash = qualified.LastIndexOf('/');
        return (qualified[..slash], qualified[(slash + 1)..]);
    }
}
