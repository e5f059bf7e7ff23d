package cognitoidp_test

import "claimcheck/sim/cognitoidp"

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateManagedLoginBranding.html
func clientsHaveAStyle(a *account) {
	a.with(plainPool)
	client := object{"ClientId": a.Ref("Client")}
	made := a.Must("CreateManagedLoginBranding", a.in(object{"ClientId": a.Ref("Client"), "UseCognitoProvidedValues": true}))
	style := object{"ManagedLoginBrandingId": made["ManagedLoginBranding"].(object)["ManagedLoginBrandingId"]}
	a.equal("found by client", made, a.Must("DescribeManagedLoginBrandingByClient", a.in(client)))
	a.equal("described", made, a.Must("DescribeManagedLoginBranding", a.in(style)))
	updated := a.Must("UpdateManagedLoginBranding", a.in(style))["ManagedLoginBranding"].(object)
	a.has(updated, object{"UseCognitoProvidedValues": false})
	a.Refused(cognitoidp.RuleStyleFree, "ManagedLoginBrandingExistsException", "The app client has a managed login style already.", "CreateManagedLoginBranding", a.in(client))
	a.Must("DeleteManagedLoginBranding", a.in(style))
	for name, input := range map[string]object{"DescribeManagedLoginBranding": style, "DescribeManagedLoginBrandingByClient": client} {
		a.Refused(cognitoidp.RuleStyleExists, "ResourceNotFoundException", "The managed login style does not exist.", name, a.in(input))
	}
}
