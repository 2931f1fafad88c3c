namespace Federation.Credentials;

/// <summary>What a certificate is for; its subject says so (<c>OU</c>).</summary>
public enum CertificateRole
{
    /// <summary>A silo: talks to the other silos, and serves the API.</summary>
    Silo,

    /// <summary>A program that uses the API or a gateway: fedctl, a sensor, a portal.</summary>
    Client,
}
