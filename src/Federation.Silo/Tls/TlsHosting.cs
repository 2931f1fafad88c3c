using System.Security.Cryptography.X509Certificates;
using Federation.Credentials;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Tls;

/// <summary>Adds TLS to a service whose settings name certificates.</summary>
internal static class TlsHosting
{
    /// <summary>Encrypts the API, and returns what encrypts the cluster; null: the settings name no certificates.</summary>
    public static ClusterTls? AddTls(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RefusedConnections>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<RefusedConnections>());
        var options = builder.Configuration.GetSection("Federation:Tls").Get<TlsOptions>();
        if (options?.IsOn != true)
        {
            return null;
        }

        if (new TlsOptionsValidator().Validate(null, options) is { Failed: true } wrong)
        {
            throw new OptionsValidationException("Federation:Tls", typeof(TlsOptions), wrong.Failures!);
        }

        // Read here and not at the first connection: a wrong file stops the start.
        var own = X509Certificate2.CreateFromPemFile(options.Certificate, options.Key);
        var peers = new PeerCertificates(X509CertificateLoader.LoadCertificateFromFile(options.Authority));
        builder.WebHost.ConfigureKestrel(new ApiTls(own, peers, options.ClientCertificates).Configure);
        return new ClusterTls(own, peers);
    }
}
