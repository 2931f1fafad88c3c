using System.CommandLine;

namespace Federation.Cli.Commandline;

/// <summary>Names of things that belong to an application: <c>cg/vm1</c>.</summary>
internal static class Qualified
{
    /// <summary>An argument that is such a name.</summary>
    public static Argument<string> Argument(string what, string description)
    {
        var argument = new Argument<string>($"APP/{what}") { Description = description };
        argument.Validators.Add(result =>
        {
            var parts = result.Tokens.Count == 1 ? result.Tokens[0].Value.Split('/') : [];
            if (parts.Length != 2 || parts.Any(part => part.Length == 0))
            {
                result.AddError($"'{result.Tokens[0].Value}' does not name the application; write APP/{what}");
            }
        });
        return argument;
    }

    /// <summary>The application and what belongs to it.</summary>
    public static (string Application, string Name) Split(string qualified)
    {
        var slash = qualified.IndexOf('/');
        return (qualified[..slash], qualified[(slash + 1)..]);
    }
}
