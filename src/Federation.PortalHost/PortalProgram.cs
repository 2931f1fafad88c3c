using System.Security.Cryptography;
using Federation.Client;
using Federation.Portal;

namespace Federation.PortalHost;

/// <summary>The portal as a program of its own, which comes to the grains through a silo's gateway.</summary>
public static class PortalProgram
{
    /// <summary>Runs it until it is stopped.</summary>
    /// <returns>0; 1: it could not start, and the reason was written to standard error.</returns>
    public static async Task<int> Run(string[] args)
    {
        try
        {
            await using var app = await Build(args, CancellationToken.None);
            await app.RunAsync();
            return 0;
        }
        catch (Exception fault) when (fault is ArgumentException or IOException or UnauthorizedAccessException or CryptographicException)
        {
            await Console.Error.WriteLineAsync(
                $"The portal cannot start ({fault.Message.TrimEnd('.')}): --Portal:Gateways=HOST:PORT,... names gateways of silos, --Portal:Authority, Certificate and Key PEM files that this user can read.");
            return 1;
        }
    }

    /// <summary>Makes it, once a gateway has answered; it does not listen yet.</summary>
    /// <param name="args">Settings, as <c>--urls https://0.0.0.0:8443 --Portal:Gateways=silo1:30000,silo2:30000</c>.</param>
    /// <param name="cancel">Gives it up; otherwise gateways are tried for as long as none answers.</param>
    /// <exception cref="ArgumentException">A setting is missing or wrong.</exception>
    /// <exception cref="IOException">A certificate cannot be read, or a host's name has no address.</exception>
    /// <exception cref="CryptographicException">A file holds no certificate or no key.</exception>
    public static async Task<WebApplication> Build(string[] args, CancellationToken cancel)
    {
        var builder = WebApplication.CreateBuilder(args);
        var settings = builder.Configuration.GetSection("Portal").Get<PortalSettings>() ?? new();
        if (settings.SignIn.Fault is { } fault)
        {
            throw new ArgumentException($"Portal:SignIn: {fault}");
        }

        var federation = await FederationClient.Connect(settings.ToOptions(), cancel: cancel);
        // A factory, so that the connection ends with the program.
        builder.Services.AddPortal(_ => federation, settings.SignIn);
        var app = builder.Build();
        app.UsePortalHeaders();
        app.UseRouting();
        app.UsePortal();
        app.MapPortal();
        return app;
    }
}
