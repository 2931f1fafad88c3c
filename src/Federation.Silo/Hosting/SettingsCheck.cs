using System.Collections.Frozen;
using Federation.Domain.Plans;
using Federation.Grains;
using Federation.Silo.Guarding;
using Federation.Silo.Policies;
using Federation.Silo.Settings;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Hosting;

/// <summary>Reads and checks settings before anything is done with them, and says what is wrong in a sentence.</summary>
internal static class SettingsCheck
{
    private const string Where = "correct it in appsettings.json, the environment or the command line";

    // Sections that are not called as their type is: SolvingOptions is section Solving.
    private static readonly FrozenDictionary<Type, string> Sections = new Dictionary<Type, string>
    {
        [typeof(ServiceOptions)] = "Federation",
        [typeof(MovePolicy)] = "Federation:Moves",
        [typeof(ReservationOptions)] = "Federation:Reservations",
        [typeof(LimitOptions)] = "Federation:Limits",
        [typeof(SiteFolderOptions)] = "Federation:Sites",
    }.ToFrozenDictionary();

    /// <summary>The service's own settings, in their ranges.</summary>
    /// <exception cref="RefusedStartException">One is not what it has to be.</exception>
    public static ServiceOptions Read(IConfiguration configuration) => OrRefuse(configuration, () =>
    {
        var options = configuration.GetSection("Federation").Get<ServiceOptions>() ?? new();
        return new ServiceOptionsValidator().Validate(null, options) is { Failed: true } wrong
            ? throw new OptionsValidationException("", typeof(ServiceOptions), wrong.Failures!)
            : options;
    });

    /// <summary>Checks all others.</summary>
    /// <exception cref="RefusedStartException">One is not what it has to be.</exception>
    public static void CheckAll(IServiceProvider services) => OrRefuse(services.GetRequiredService<IConfiguration>(), () =>
    {
        services.GetRequiredService<IStartupValidator>().Validate();
        return true;
    });

    /// <summary>Reads settings in a way of one's own, whose faults are said as all others are.</summary>
    /// <exception cref="RefusedStartException">One is not what it has to be.</exception>
    public static T OrRefuse<T>(IConfiguration configuration, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (OptionsValidationException wrong)
        {
            throw new RefusedStartException($"{Faults(configuration, wrong)}; {Where}.", wrong);
        }
        catch (AggregateException several) when (several.InnerExceptions.All(fault => fault is OptionsValidationException))
        {
            var faults = several.InnerExceptions.Cast<OptionsValidationException>().Select(wrong => Faults(configuration, wrong));
            throw new RefusedStartException($"{string.Join("; ", faults)}; {Where}.", several);
        }
        catch (InvalidOperationException unreadable)
        {
            // Names the key and the value.
            throw new RefusedStartException($"{unreadable.Message.TrimEnd('.')}; {Where}.", unreadable);
        }
    }

    private static string Faults(IConfiguration configuration, OptionsValidationException wrong)
    {
        var section = Sections.GetValueOrDefault(wrong.OptionsType) ?? $"Federation:{wrong.OptionsType.Name.Replace("Options", "", StringComparison.Ordinal)}";
        return string.Join("; ", wrong.Failures.Select(failure => Fault(configuration, section, failure.TrimEnd('.'))));
    }

    // A failure begins with the setting's name.
    private static string Fault(IConfiguration configuration, string section, string failure) =>
        failure.Split(": ", 2) is [var name, var words] && configuration[$"{section}:{name}"] is { } value
            ? $"Setting {section}:{name} is '{value}': {words}"
            : $"Setting {section}: {failure}";
}
